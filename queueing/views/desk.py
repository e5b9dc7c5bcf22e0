from django.http import Http404, HttpRequest, HttpResponse


def desk(request: HttpRequest, **kwargs: object) -> HttpResponse:
    raise Http404


def act(request: HttpRequest, **kwargs: object) -> HttpResponse:
    raise Http404
