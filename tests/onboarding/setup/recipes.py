"""A mall in preparation and the person who sets it up, for the tests of the sequence."""

from io import BytesIO

from model_bakery import baker
from PIL import Image

from accounts.models import User
from accounts.roles import Role
from agencies.models import Agency, Assignment, Counter, Mall, Presence, Region
from core import memo
from core.models import Kind
from core.uploads import Accepted


def make_mall(*, slug="mpp-baru", stage=Mall.Stage.PREPARATION, name="Kabupaten Baru"):
    """A mall of which nothing but its name is known."""
    region, _new = Region.objects.get_or_create(
        name=name, defaults={"code": f"33.{Region.objects.count() + 10:02d}", "province": "Jawa"}
    )
    return baker.make(
        Mall,
        region=region,
        slug=slug,
        name=f"Mal Pelayanan Publik {slug}",
        short_name="MPP Baru",
        stage=stage,
        organiser="DPMPTSP",
        priority_ratio=2,
        suspended_from=None,
    )


def make_admin(mall):
    admin = User.objects.create_user(f"admin-{mall.slug}")
    baker.make(Assignment, user=admin, role=Role.MALL_ADMIN, mall=mall, agency=None)
    return admin


def make_agency(mall, name="Dinas Satu", *, basis=Presence.Basis.DECREE):
    agency = baker.make(Agency, name=name, short_name=name, slug=name.lower().replace(" ", "-"))
    return baker.make(
        Presence, mall=mall, agency=agency, board_name=name, basis=basis, decree="SK 1/2026"
    )


def make_counters(mall, *numbers, place="Zona A"):
    made = [baker.make(Counter, mall=mall, number=each, place=place) for each in numbers]
    memo.clear_all()
    return made


def picture(width=400, height=200):
    """A drawing as uploads.accept would hand it on."""
    written = BytesIO()
    Image.new("RGB", (width, height), "white").save(written, "PNG")
    return Accepted(written.getvalue(), Kind.PNG)
