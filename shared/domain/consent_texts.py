# ruff: noqa: RUF001 - Ukrainian has letters that look like Latin ones
"""Every text of the consent that was ever published, in each language."""

from typing import Literal

Language = Literal["en", "uk"]
LANGUAGES: tuple[Language, ...] = ("en", "uk")
"""The languages of the texts; the first one is that of a consent which names none."""

_ENGLISH_OF_2026_11 = (
    "I agree that this app sends the rows of customer segments to the Klaviyo account behind this connection: for "
    "every row the e-mail address, and the other fields that the mapping of an export names. They leave Azure and "
    "are then kept by Klaviyo, under the contract between my organisation and Klaviyo. "
    "My organisation may pass these people's data on, and remains responsible for their consent, for the privacy "
    "and for the security of the data. "
    "I know that profiles which are imported can count for Klaviyo's bill, and that they can be e-mailed, "
    "depending on the settings of the account: a flow or a campaign of the list reaches them. "
    "The app never subscribes, unsubscribes or un-suppresses anybody, and it does not delete from Klaviyo what it "
    "has sent. "
    "Who agreed, when and to which text is recorded. Withdrawing the agreement stops every run over this "
    "connection; what has been sent by then stays at Klaviyo."
)
_UKRAINIAN_OF_2026_11 = (
    "Я погоджуюся, що цей застосунок надсилає рядки сегментів клієнтів до облікового запису Klaviyo, з яким "
    "пов’язане це підключення: для кожного рядка — адресу електронної пошти та інші поля, названі у зіставленні "
    "експорту. Ці дані залишають Azure, і далі їх зберігає Klaviyo за договором між моєю організацією та "
    "Klaviyo. "
    "Моя організація має право передавати дані цих людей і надалі відповідає за їхню згоду, за приватність і "
    "безпеку даних. "
    "Я знаю, що імпортовані профілі можуть збільшити рахунок від Klaviyo і що цим людям можуть надходити "
    "листи, залежно від налаштувань облікового запису: їх охоплюють автоматизації та кампанії списку. "
    "Застосунок ніколи нікого не підписує, не відписує і не скасовує блокування розсилки, а також не видаляє "
    "з Klaviyo те, що надіслав. "
    "Записується, хто погодився, коли і з яким текстом. Відкликання згоди зупиняє всі запуски через це "
    "підключення; те, що було надіслано до того часу, залишається у Klaviyo."
)

CURRENT_TEXT = "2026-11"
TEXTS: dict[str, dict[Language, str]] = {
    "2026-11": {"en": _ENGLISH_OF_2026_11, "uk": _UKRAINIAN_OF_2026_11},
}
"""Every text that was ever agreed to, by its version and language; a text that was published is never changed."""
