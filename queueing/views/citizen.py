from django.http import Http404, HttpRequest, HttpResponse


def home(request: HttpRequest, **kwargs: object) -> HttpResponse:
    raise Http404


def search(request: HttpRequest, **kwargs: object) -> HttpResponse:
    raise Http404


def mall(request: HttpRequest, **kwargs: object) -> HttpResponse:
    raise Http404


def services(request: HttpRequest, **kwargs: object) -> HttpResponse:
    raise Http404


def service(request: HttpRequest, **kwargs: object) -> HttpResponse:
    raise Http404


def agencies(request: HttpRequest, **kwargs: object) -> HttpResponse:
    raise Http404


def ticket(request: HttpRequest, **kwargs: object) -> HttpResponse:
    raise Http404


def cancel(request: HttpRequest, **kwargs: object) -> HttpResponse:
    raise Http404


def return_to_line(request: HttpRequest, **kwargs: object) -> HttpResponse:
    raise Http404
