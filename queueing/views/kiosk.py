from django.http import Http404, HttpRequest, HttpResponse


def agencies(request: HttpRequest, **kwargs: object) -> HttpResponse:
    raise Http404


def services(request: HttpRequest, **kwargs: object) -> HttpResponse:
    raise Http404


def take(request: HttpRequest, **kwargs: object) -> HttpResponse:
    raise Http404


def ticket(request: HttpRequest, **kwargs: object) -> HttpResponse:
    raise Http404
