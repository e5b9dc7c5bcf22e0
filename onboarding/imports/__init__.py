"""Agencies, services and agreements of a mall by sheet: tried out first, then all or nothing."""

from onboarding.imports import agencies, agreements, services

KINDS = {kind.slug: kind for kind in (agencies.KIND, services.KIND, agreements.KIND)}
