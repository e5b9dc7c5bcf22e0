"""Nightly proof that nothing impossible has been stored."""

import logging

log = logging.getLogger(__name__)
