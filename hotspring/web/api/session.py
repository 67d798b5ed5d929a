"""Signing in and out, and one's own account."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi import Path as PathParameter

from hotspring.accounts import Signed
from hotspring.pool import iso
from hotspring.web.api import entry
from hotspring.web.api.desk import AtDesk, AtHome, Cookie, Desk
from hotspring.web.api.member_shapes import (
    Ended,
    FactorCode,
    FactorOffer,
    Invitation,
    Invited,
    NewPassword,
    OwnLanguage,
    OwnPassword,
    OwnSession,
    RecoveryCodes,
    SignedIn,
    SignIn,
    Welcome,
)
from hotspring.web.api.shapes import Listing

router = APIRouter(prefix="/api/session", tags=["session"])
FROM_OUR_PAGES = Depends(entry.check_origin)


@router.post("", response_model=SignedIn, dependencies=[FROM_OUR_PAGES])
async def sign_in(
    request: Request, response: Response, desk: AtDesk, body: SignIn
) -> dict[str, Any]:
    """Sign in; the answer sets the cookie of the session.

    A 401 says in `code` what is wrong: `wrong_password` (or name), `code_needed`, `wrong_code`.
    """
    signed = await desk.slow(
        desk.accounts.entrance.sign_in, body.name, body.password, body.code,
        address=entry.address(request), device=entry.device(request),
    )  # fmt: skip
    return _let_in(request, response, desk, signed)


@router.get("", response_model=SignedIn)
def session(desk: AtDesk, signed: AtHome) -> dict[str, Any]:
    """Who is signed in?"""
    return _told(desk, signed)


@router.delete("", status_code=204)
def sign_out(request: Request, response: Response, desk: AtDesk, cookie: Cookie) -> None:
    """Sign out here. Who is not signed in stays so."""
    entry.check_origin(request)
    signed = desk.accounts.sessions.find(cookie or "")
    if signed is not None:
        entry.check_csrf(request, signed)
        desk.accounts.own.sign_out(signed)
    entry.drop(request, response)


@router.post("/invitation", response_model=Invited, dependencies=[FROM_OUR_PAGES])
def invitation(request: Request, desk: AtDesk, body: Invitation) -> dict[str, Any]:
    """For whom is this one-time link? It stays good."""
    user = desk.accounts.entrance.invited(body.link, address=entry.address(request))
    return {
        "name": user.name,
        "role": user.role,
        "first": user.password_hash is None,
        "second_factor": user.factor_on,
    }


@router.post("/welcome", response_model=SignedIn, dependencies=[FROM_OUR_PAGES])
async def welcome(
    request: Request, response: Response, desk: AtDesk, body: Welcome
) -> dict[str, Any]:
    """Set a password with a one-time link, and sign in.

    A 401 says in `code` what is wrong: `link_over`, `wrong_name`, `code_needed`, `wrong_code`; a
    422 what is wrong with the password: `too_short`, `too_long`, `too_simple`, `is_name`,
    `too_common`.
    """
    signed = await desk.slow(
        desk.accounts.entrance.welcome, body.link, body.name, body.password, body.code,
        address=entry.address(request), device=entry.device(request),
    )  # fmt: skip
    return _let_in(request, response, desk, signed)


@router.put("/password", response_model=SignedIn)
async def change_password(
    request: Request, response: Response, desk: AtDesk, signed: AtHome, body: NewPassword
) -> dict[str, Any]:
    """Change one's own password; other sessions end, this one gets a new cookie."""
    fresh = await desk.slow(
        desk.accounts.own.set_password, signed, body.old, body.new, address=entry.address(request)
    )
    return _let_in(request, response, desk, fresh)


@router.put("/language", response_model=SignedIn)
def change_language(desk: AtDesk, signed: AtHome, body: OwnLanguage) -> dict[str, Any]:
    """Choose the language of the pages."""
    user = desk.accounts.own.speak(signed, body.language)
    return _told(desk, signed) | {"language": user.language}


@router.post("/second-factor", response_model=FactorOffer)
def offer_second_factor(desk: AtDesk, signed: AtHome) -> dict[str, str]:
    """A secret for an app; the second factor is on once its first code was confirmed."""
    secret, uri = desk.accounts.own.offer_factor(signed)
    return {"secret": secret, "uri": uri}


@router.put("/second-factor", response_model=RecoveryCodes)
def confirm_second_factor(desk: AtDesk, signed: AtHome, body: FactorCode) -> dict[str, list[str]]:
    """Switch the second factor on with a code of the app; other sessions end."""
    return {"recovery_codes": desk.accounts.own.confirm_factor(signed, body.code)}


@router.delete("/second-factor", status_code=204)
async def drop_second_factor(
    request: Request, desk: AtDesk, signed: AtHome, body: OwnPassword
) -> None:
    """Switch the second factor off."""
    await desk.slow(
        desk.accounts.own.drop_factor, signed, body.password, address=entry.address(request)
    )


@router.get("/others", response_model=Listing[OwnSession])
def other_sessions(desk: AtDesk, signed: AtHome) -> dict[str, Any]:
    """Where else is one signed in? The latest seen first."""
    others = [one for one in desk.accounts.sessions.of(signed.user) if one.id != signed.session.id]
    return {
        "items": [
            {
                "id": one.id,
                "agent": one.device,
                "created_at": iso(one.created_ms),
                "last_used_at": iso(one.seen_ms),
            }
            for one in others
        ]
    }


@router.delete("/others", response_model=Ended)
def sign_out_others(desk: AtDesk, signed: AtHome) -> dict[str, int]:
    """Sign out everywhere else."""
    return {"ended": desk.accounts.own.sign_out_others(signed)}


@router.delete("/others/{session_id}", response_model=Ended)
def sign_out_one(
    desk: AtDesk,
    signed: AtHome,
    session_id: Annotated[int, PathParameter(ge=1, le=2**53, description="Id of the session.")],
) -> dict[str, int]:
    """Sign out in one other place."""
    return {"ended": desk.accounts.own.sign_out_others(signed, session_id)}


def _let_in(request: Request, response: Response, desk: Desk, signed: Signed) -> dict[str, Any]:
    entry.keep(request, response, signed, desk.settings.session_days)
    return _told(desk, signed)


def _told(desk: Desk, signed: Signed) -> dict[str, Any]:
    return {
        "name": signed.user.name,
        "role": signed.user.role,
        "language": signed.user.language,
        "csrf": signed.csrf,
        "second_factor": signed.user.factor_on,
        "recovery_codes": desk.accounts.own.codes_left(signed.user),
    }
