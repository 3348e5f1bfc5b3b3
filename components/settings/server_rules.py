"""Rules over TMI's own settings: what TMI refuses, what it ignores without a word, and what is known to hurt."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from components import timeouts
from components.settings.edge import InternetFacing, LoadBalancerSettings
from components.settings.problems import Problem, of_value
from components.settings.server import ServerSettings
from components.settings.timmy import EnabledTimmy
from components.settings.variables.left_out import LEFT_OUT
from components.settings.variables.table import decided

_SECRET: Final = re.compile("(^|_)(SECRETS?|KEYS?|PASSWORD|PASSPHRASE|TOKEN|CREDENTIALS?)(_|$)")
_WORKING_SET_MIB: Final = 400
"""What TMI needs beside Timmy's indexes and its leak, as seen under load."""


def administrator_known(server: ServerSettings) -> Iterator[Problem]:
    """The administrator logs in by a provider that is there."""
    providers = server.oauth_providers.keys() | server.saml_providers.keys()
    if server.administrator.provider not in providers:
        known = ", ".join(sorted(providers)) or "none is there yet"
        rule = "is no entry of server.oauth_providers or server.saml_providers; add it there or name one of them"
        yield of_value("server.administrator.provider", server.administrator.provider, f"{rule}: {known}")


def providers_apart(server: ServerSettings) -> Iterator[Problem]:
    """TMI tells users apart by their provider's id and their subject there."""
    for provider in sorted(server.oauth_providers.keys() & server.saml_providers.keys()):
        rule = "is an entry of server.oauth_providers too, and TMI would take two users for one; choose another id"
        yield of_value("server.saml_providers", provider, rule)


def strangers_administer_nothing(load_balancer: LoadBalancerSettings, server: ServerSettings) -> Iterator[Problem]:
    """On the internet the first user is a stranger."""
    if isinstance(load_balancer.scheme, InternetFacing) and server.login.promote_first_user:
        rule = "hands TMI to the first stranger of the internet; write false, and name server.administrator"
        yield of_value("server.login.promote_first_user", server.login.promote_first_user, rule)


def callbacks_of_the_interfaces(server: ServerSettings) -> Iterator[Problem]:
    """Who logs in from a page is sent back to it."""
    callbacks = server.login.client_callbacks
    for origin in server.user_interface_origins:
        if not any(callback.startswith(f"{origin}/") for callback in callbacks):
            rule = f"has no address of {origin}, and nobody could log in from there; add '{origin}/*'"
            yield of_value("server.login.client_callbacks", callbacks, rule)


def sessions_outlast_tokens(server: ServerSettings) -> Iterator[Problem]:
    """A token lives no longer than the session it belongs to."""
    login = server.login
    if login.refresh_token_days > login.session_days:
        rule = f"never acts: the session ends after {login.session_days} days; write {login.session_days} or less"
        yield of_value("server.login.refresh_token_days", login.refresh_token_days, rule)


def versions_by_the_interfaces(load_balancer: LoadBalancerSettings, server: ServerSettings) -> Iterator[Problem]:
    """TMI's CORS answers do not admit `If-Match`, so that pages of another origin cannot send it."""
    foreign = [origin for origin in server.user_interface_origins if origin != f"https://{load_balancer.domain}"]
    if server.require_if_match and foreign:
        rule = f"locks out {foreign[0]}: TMI lets no page of another origin send If-Match; write false"
        yield of_value("server.require_if_match", server.require_if_match, rule)


def answers_are_waited_for(load_balancer: LoadBalancerSettings, server: ServerSettings) -> Iterator[Problem]:
    """The balancer waits longer than the proxy, and the proxy longer than Timmy thinks."""
    if not isinstance(server.timmy, EnabledTimmy):
        return
    proxy = timeouts.proxy_server(server.timmy.limits.answer_seconds)
    if load_balancer.idle_timeout_seconds <= proxy:
        path = "load_balancer.idle_timeout_seconds"
        rule = f"cuts Timmy off, for whose answers the proxy waits {proxy} s; write {proxy + 1} or more, or lower"
        yield of_value(path, load_balancer.idle_timeout_seconds, f"{rule} server.timmy.limits.answer_seconds")


def indexes_fit(server: ServerSettings) -> Iterator[Problem]:
    """Timmy's indexes are part of the pod's memory."""
    if not isinstance(server.timmy, EnabledTimmy):
        return
    memory, room = server.timmy.limits.memory_mib, server.resources.memory_mib - _WORKING_SET_MIB
    if memory > room:
        rule = f"leaves TMI less than the {_WORKING_SET_MIB} MiB it works in; write {max(room, 0)} or less, or raise"
        yield of_value("server.timmy.limits.memory_mib", memory, f"{rule} server.resources.memory_mib")


def pieces_advance(server: ServerSettings) -> Iterator[Problem]:
    """A piece of text that is all overlap never ends."""
    if not isinstance(server.timmy, EnabledTimmy):
        return
    size, overlap = server.timmy.retrieval.chunk_size, server.timmy.retrieval.chunk_overlap
    if overlap >= size:
        rule = f"must be less than chunk_size ({size}); write {size // 10} or so"
        yield of_value("server.timmy.retrieval.chunk_overlap", overlap, rule)


def extras_are_new(server: ServerSettings) -> Iterator[Problem]:
    """What this program knows has a field; what is secret never stands in a stack file."""
    for name, value in server.extra.items():
        if known := decided(name):
            yield Problem(f"server.extra.{name}", f"{known}; remove it here")
        elif name in LEFT_OUT:
            yield Problem(f"server.extra.{name}", f"{LEFT_OUT[name]}; remove it")
        elif _SECRET.search(name):
            way_out = "remove it, revoke the value where it is from, and ask for a field of its own"
            yield Problem(f"server.extra.{name}", f"names a secret, and this file is no place for one; {way_out}")
        elif value.startswith(("file://", "env://", "vault://")):
            rule = "is a reference to a secret, which TMI follows for ten of its own fields alone; remove it"
            yield of_value(f"server.extra.{name}", value, rule)


RULES: Final = (
    administrator_known,
    providers_apart,
    strangers_administer_nothing,
    callbacks_of_the_interfaces,
    sessions_outlast_tokens,
    versions_by_the_interfaces,
    answers_are_waited_for,
    indexes_fit,
    pieces_advance,
    extras_are_new,
)
"""Every rule over TMI's settings."""
