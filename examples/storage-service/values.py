"""What may stand in a message, and what to answer to anything else."""

import json
import unicodedata

WHOLE_NUMBER_MAX = 2**63 - 1


class Refusal(Exception):
    """An error of the protocol, to be answered with its code."""

    def __init__(self, code, message):
        super().__init__(message)
        self.code = code


def invalid(message):
    return Refusal("VALIDATION_ERROR", message)


def parse(body):
    """The JSON object in a body; a ValueError or RecursionError for anything else."""

    def refuse(constant):
        raise ValueError(f"{constant} is no JSON")

    value = json.loads(body.decode("utf-8"), parse_constant=refuse)
    if not isinstance(value, dict):
        raise ValueError("the body is no JSON object")
    return value


class Fields:
    """Fields of an object, read one by one. `null` is an absent field; unknown ones are never looked at."""

    def __init__(self, fields):
        self.fields = fields

    def value(self, key, types, optional=False):
        """A field's value; None where it is absent and may be."""
        value = self.fields.get(key)
        if value is None and not optional:
            raise invalid(f"{key} is missing")
        if value is not None and (not isinstance(value, types) or isinstance(value, bool)):
            raise invalid(f"{key} is of the wrong type")
        return value

    def string(self, key, longest, optional=False):
        value = self.value(key, str, optional)
        if value is not None and not 1 <= len(value) <= longest:
            raise invalid(f"{key} must have 1 to {longest} characters")
        if value is not None and any(unicodedata.category(character) == "Cs" for character in value):
            raise invalid(f"{key} has half a character")
        return value

    def text(self, key, optional=False):
        """A text as people write it, kept as it is."""
        value = self.string(key, 255, optional)
        if value is not None and any(unicodedata.category(character) == "Cc" for character in value):
            raise invalid(f"{key} has control characters")
        if value is not None and value.isspace():
            raise invalid(f"{key} is blank")
        return value

    def number(self, key, least, most=WHOLE_NUMBER_MAX, optional=False):
        """A whole number, however it is spelled: 512.0 is one."""
        value = self.value(key, (int, float), optional)
        if value is None:
            return None
        if isinstance(value, float) and not value.is_integer():
            raise invalid(f"{key} must be whole")
        if not least <= value <= most:
            raise invalid(f"{key} must be {least} to {most}")
        return int(value)

    def digest(self, key):
        value = self.value(key, str, optional=True)
        if value is not None and not is_digest(value):
            raise invalid(f"{key} must be 64 lower-case hex digits")
        return value

    def image_id(self):
        # Any string will do: what is no id of ours is the id of no image.
        return self.value("image_id", str).encode("utf-8", "replace").decode()


def is_digest(text):
    return len(text) == 64 and all(character in "0123456789abcdef" for character in text)
