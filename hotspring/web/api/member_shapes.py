"""What members, sessions and second factors look like in requests and answers."""

from typing import Literal

from pydantic import BaseModel, Field

from hotspring.privacy import Role
from hotspring.web.api.shapes import Shape

Language = Literal["", "zh", "en"]
LANGUAGE = "`zh`, `en`, or empty for that of the browser."
SECRET = 512
"""Longer ones are nobody's; what is too long for a password is told apart from what is wrong."""

Name = Field(min_length=1, max_length=64, description="However it is written: ann is Ann.")
Password = Field(min_length=1, max_length=SECRET)
Link = Field(min_length=1, max_length=SECRET, description="The secret of a one-time link.")


class SignIn(BaseModel):
    """Who wants to sign in."""

    name: str = Name
    password: str = Password
    code: str = Field(
        default="", max_length=64, description="Of the second factor, or a recovery code."
    )


class Welcome(BaseModel):
    """The password to set with a one-time link."""

    link: str = Link
    name: str = Field(
        default="", max_length=64, description="Another name, for who comes for the first time."
    )
    password: str = Password
    code: str = Field(
        default="", max_length=64, description="Of the second factor, where one is on."
    )


class Invitation(BaseModel):
    """The link one came with."""

    link: str = Link


class Invited(Shape):
    """For whom a link is."""

    name: str
    role: Role
    first: bool = Field(description="Never signed in before: the name may be chosen.")
    second_factor: bool = Field(description="A code is needed as well.")


class SignedIn(Shape):
    """Who is signed in."""

    name: str
    role: Role
    language: str = Field(description=LANGUAGE)
    csrf: str = Field(description="To be sent as X-CSRF-Token with what changes something.")
    second_factor: bool
    recovery_codes: int = Field(description="How many are left.")


class NewPassword(BaseModel):
    """A change of one's own password."""

    old: str = Password
    new: str = Password


class OwnPassword(BaseModel):
    """One's own password, to show that it is really you."""

    password: str = Password


class FactorOffer(BaseModel):
    """The secret of a second factor, which counts once it was confirmed."""

    secret: str = Field(description="To be typed into an app.")
    uri: str = Field(description="To be shown to an app as a QR code.")


class FactorCode(BaseModel):
    """The first code of the app."""

    code: str = Field(min_length=1, max_length=64)


class RecoveryCodes(BaseModel):
    """Codes for who lost the phone; each is good once, and they are shown this once."""

    recovery_codes: list[str]


class OwnLanguage(BaseModel):
    """The language of the pages."""

    language: Language = Field(description=LANGUAGE)


class OwnSession(BaseModel):
    """One browser in which the member is signed in."""

    id: int
    agent: str = Field(description="Browser and system, as they name themselves.")
    created_at: str
    last_used_at: str = Field(description="To the minute.")


class Ended(BaseModel):
    """How many sessions ended."""

    ended: int


class NewMember(BaseModel):
    """A member to add."""

    name: str = Field(
        min_length=1,
        max_length=64,
        description="Letters, digits and . _ @ + -; a letter or digit first.",
    )
    role: Role = Field(description="Each role may all that the one before it may.")
    language: Language = Field(default="", description=LANGUAGE)


class MemberChange(BaseModel):
    """What to change of a member; what is null stays. All sessions of the member end."""

    role: Role | None = None
    active: bool | None = Field(default=None, description="False shuts out and keeps the account.")
    second_factor: Literal[False] | None = Field(
        default=None, description="False takes a lost second factor off."
    )


class Member(Shape):
    """A person who signs in."""

    name: str
    role: Role
    language: str
    active: bool
    invited: bool = Field(description="Has never set a password: comes in by a link.")
    second_factor: bool
    created_at: str
    signed_in_at: str | None
    link_until: str | None = Field(description="Until when a link that was not used is good.")


class OneTimeLink(BaseModel):
    """A link that lets a member set a password once."""

    link: str = Field(description="The secret, shown this once.")
    path: str = Field(description="Where it leads on this server.")
    until: str


class CreatedMember(Member, OneTimeLink):
    """A new member, and the link to come in by."""
