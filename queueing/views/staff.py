from django.http import Http404, HttpRequest, HttpResponse


def home(request: HttpRequest, **kwargs: object) -> HttpResponse:
    raise Http404


def figures(request: HttpRequest, **kwargs: object) -> HttpResponse:
    raise Http404


def counters(request: HttpRequest, **kwargs: object) -> HttpResponse:
    raise Http404


def simulation(request: HttpRequest, **kwargs: object) -> HttpResponse:
    raise Http404
