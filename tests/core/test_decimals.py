"""Numbers in messages."""
import pytest

from teilhabe_plugin.core.decimals import decimal


@pytest.mark.parametrize("value, digits, english, german", [
    (0.954, 2, "0.95", "0,95"), (-1.5, 1, "−1.5", "−1,5"), (12, 0, "12", "12"), (-0.001, 2, "0.00", "0,00"),
])
def test_the_sign_is_translated(value, digits, english, german):
    assert str(decimal(value, digits)) == english
    assert decimal(value, digits).render(lambda text: text.replace("}.{", "},{")) == german
