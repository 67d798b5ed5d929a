"""Members, as administrators see them: the people who sign in."""

from typing import Annotated, Any

from fastapi import Path

from hotspring.pool import iso
from hotspring.privacy import Permission
from hotspring.store import records
from hotspring.web.api.desk import AccessManager, AtDesk, may
from hotspring.web.api.member_shapes import (
    CreatedMember,
    Member,
    MemberChange,
    NewMember,
    OneTimeLink,
)
from hotspring.web.api.rooms import Room
from hotspring.web.api.shapes import Listing

router = Room(prefix="/api/users", tags=["access"])
Named = Annotated[str, Path(max_length=64, description="Name of the member.")]
MANAGE = may(Permission.MANAGE_ACCESS)


@router.get("", response_model=Listing[Member], dependencies=[MANAGE])
def users(desk: AtDesk) -> dict[str, Any]:
    """Who may sign in?"""
    return {"items": [_told(user, desk.clock()) for user in desk.accounts.members.all()]}


@router.post("", response_model=CreatedMember, status_code=201)
def create_user(desk: AtDesk, by: AccessManager, body: NewMember) -> dict[str, Any]:
    """Add a member; the link to come in by is in this answer and nowhere else."""
    members = desk.accounts.members
    user = members.create(body.name, body.role, body.language, by=by)
    linked = _linked(*members.link(user.name, by=by))
    return _told(members.one(user.name), desk.clock()) | linked


@router.patch("/{name}", response_model=Member)
def change_user(desk: AtDesk, by: AccessManager, name: Named, body: MemberChange) -> dict[str, Any]:
    """Give another role, shut out or let in again, take a lost second factor off.

    All sessions of the member end. The last administrator who can sign in stays one.
    """
    user = desk.accounts.members.change(
        name, by=by, role=body.role, active=body.active,
        without_second_factor=body.second_factor is False,
    )  # fmt: skip
    return _told(user, desk.clock())


@router.post("/{name}/link", response_model=OneTimeLink, status_code=201)
def link_user(desk: AtDesk, by: AccessManager, name: Named) -> dict[str, Any]:
    """A link with which a member sets a password, once, within 24 hours; older links end."""
    return _linked(*desk.accounts.members.link(name, by=by))


@router.delete("/{name}", status_code=204)
def remove_user(desk: AtDesk, by: AccessManager, name: Named) -> None:
    """Remove a member; the last administrator who can sign in stays."""
    desk.accounts.members.remove(name, by=by)


def _linked(secret: str, until_ms: int) -> dict[str, Any]:
    return {"link": secret, "path": f"/welcome?link={secret}", "until": iso(until_ms)}


def _told(user: records.User, now_ms: int) -> dict[str, Any]:
    until = user.link_until_ms
    return {
        "name": user.name,
        "role": user.role,
        "language": user.language,
        "active": user.active,
        "invited": user.password_hash is None,
        "second_factor": user.factor_on,
        "created_at": iso(user.created_ms),
        "signed_in_at": iso(user.signed_in_ms),
        "link_until": iso(until) if until is not None and now_ms < until else None,
    }
