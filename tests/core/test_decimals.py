"""Numbers in messages."""
import pytest

from teilhabe_plugin.core.decimals import decimal
from teilhabe_plugin.core.messages import Message


@pytest.mark.parametrize("value, digits, english, german", [
    (0.954, 2, "0.95", "0,95"), (-1.5, 1, "−1.5", "−1,5"), (12, 0, "12", "12"), (-0.001, 2, "0.00", "0,00"),
])
def test_the_sign_is_translated(value, digits, english, german):
    assert str(decimal(value, digits)) == english
    assert decimal(value, digits).render(lambda text: text.replace("}.{", "},{")) == german


def german(text):
    return text.replace("}.{", "},{")


@pytest.mark.parametrize("template, value, english, translated", [
    ("{value:g}", -0.5, "-0.5", "−0,5"), ("{value:.1f} %", 12.25, "12.2 %", "12,2 %"),
    ("{value}", 300.0, "300.0", "300,0"), ("{value:.0%}", 0.12, "12%", "12\u202f%"),
    ("{value}", "0.1.0", "0.1.0", "0.1.0"), ("{value}", 2025, "2025", "2025"),
])
def test_fractions_in_messages_get_the_sign_of_the_language(template, value, english, translated):
    assert str(Message(template, value=value)) == english
    assert Message(template, value=value).render(german) == translated


def test_a_detail_that_is_a_message_is_filled_in_its_language():
    inner = Message("below {minimum:g}", minimum=0.5)
    assert Message("{why}: {count}", why=inner, count=3).render(german) == "below 0,5: 3"
