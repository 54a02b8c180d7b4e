"""What simulated people say in their own words: what the knowledge has no answer to, wishes, small talk, the staff.

It is written as people write: short, without capitals, with little punctuation. No owner is ever shown any of it.
"""

from collections.abc import Mapping
from typing import Final

from bot.languages import Language

Wordings = Mapping[Language, tuple[str, ...]]

MISSING: Final[Wordings] = {
    "en": (
        "do I have to pay VAT on the provider's invoice?",
        "VAT on a provider's invoice?",
        "is VAT added to the provider's invoice",
        "the invoice of the provider, is VAT on it?",
        "how does VAT work on such an invoice?",
        "can I get the VAT of the provider's invoice back?",
        "VAT and invoices, who pays it",
        "what about VAT on the invoice",
    ),
    "pt": (
        "tenho de pagar IVA na fatura do prestador?",
        "IVA na fatura do prestador?",
        "a fatura do prestador leva IVA",
        "na fatura do prestador, há IVA?",
        "como funciona o IVA nessa fatura?",
        "posso deduzir o IVA da fatura do prestador?",
        "IVA e faturas, quem paga",
        "e o IVA na fatura",
    ),
    "bg": (
        "трябва ли да плащам ДДС по фактурата на фирмата?",
        "ДДС върху фактурата на изпълнителя?",
        "има ли ДДС във фактурата на изпълнителя",
        "фактурата на изпълнителя с ДДС ли е?",
        "как се начислява ДДС по такава фактура?",
        "мога ли да си възстановя ДДС по фактурата?",
        "ДДС и фактури, кой го плаща",
        "а ДДС по фактурата",
    ),
    "fi": (
        "maksanko arvonlisäveron palveluntarjoajan laskusta?",
        "arvonlisävero palveluntarjoajan laskussa?",
        "onko laskussa arvonlisävero",
        "palveluntarjoajan lasku, onko siinä arvonlisävero?",
        "miten arvonlisävero menee sellaisessa laskussa?",
        "saanko vähentää laskun arvonlisäveron?",
        "arvonlisävero ja laskut, kuka maksaa",
        "entä arvonlisävero laskussa",
    ),
}
"""One subject, asked by many in different words: the entry worth writing."""

UNKNOWN: Final[Wordings] = {
    "en": (
        "which company would you recommend near Leeds?",
        "what happens to my staff's pensions?",
        "can I get a grant for this?",
        "do they work with my cash register?",
        "who insures the goods meanwhile?",
        "will you phone my accountant for me?",
    ),
    "pt": (
        "que empresa recomendam perto de Braga?",
        "o que acontece às férias dos meus empregados?",
        "há algum subsídio para isto?",
        "isso liga-se à minha caixa registadora?",
        "quem segura a mercadoria entretanto?",
        "telefonam ao meu contabilista por mim?",
    ),
    "bg": (
        "коя фирма бихте препоръчали в Пловдив?",
        "какво става с отпуските на хората ми?",
        "има ли субсидия за такова нещо?",
        "работи ли това с моя касов апарат?",
        "кой застрахова стоката междувременно?",
        "ще се обадите ли на счетоводителя ми?",
    ),
    "fi": (
        "mitä firmaa suosittelette Tampereelta?",
        "mitä työntekijöideni lomille tapahtuu?",
        "saako tähän jotain tukea?",
        "toimiiko se meidän kassakoneen kanssa?",
        "kuka vakuuttaa tavarat sillä välin?",
        "soitatteko kirjanpitäjälleni?",
    ),
}
"""Subjects of which each is asked by a few."""

SMALLTALK: Final[Wordings] = {
    "en": ("thanks", "hello", "ok thank you"),
    "pt": ("obrigado", "olá", "ok obrigada"),
    "bg": ("благодаря", "здравейте", "добре, благодаря"),
    "fi": ("kiitos", "hei", "ok kiitos"),
}

TO_STAFF: Final[Wordings] = {
    "en": ("it is about a shop with four people", "thanks, and how long does it take?", "that helps, thank you"),
    "pt": ("é uma loja com quatro pessoas", "obrigado, e quanto tempo demora?", "ajuda muito, obrigada"),
    "bg": ("става дума за магазин с четирима души", "благодаря, а колко време отнема?", "това помага, благодаря"),
    "fi": ("kyse on neljän hengen kaupasta", "kiitos, kauanko siinä menee?", "tästä oli apua, kiitos"),
}

STAFF_SAYS: Final[Wordings] = {
    "en": (
        "Good morning! I have read what you wrote. What would you like to know first?",
        "For a firm of your size two offers are enough. Ask both for a price per month.",
        "That takes three to six weeks from the first talk. I would begin with one task.",
    ),
    "pt": (
        "Bom dia! Li o que escreveu. O que gostaria de saber primeiro?",
        "Para uma empresa da sua dimensão, bastam duas propostas. Peça a ambas um preço por mês.",
        "Demora três a seis semanas desde a primeira conversa. Eu começaria por uma só tarefa.",
    ),
    "bg": (
        "Добър ден! Прочетох какво сте писали. Какво бихте искали да знаете първо?",
        "За фирма като Вашата две оферти са достатъчни. Поискайте и от двете цена на месец.",
        "Отнема от три до шест седмици след първия разговор. Бих започнал с една задача.",
    ),
    "fi": (
        "Hyvää päivää! Luin viestisi. Mistä haluaisit aloittaa?",
        "Teidän kokoisellenne yritykselle riittää kaksi tarjousta. Pyydä molemmilta kuukausihinta.",
        "Siihen menee kolmesta kuuteen viikkoa ensimmäisestä keskustelusta. Aloittaisin yhdestä tehtävästä.",
    ),
}

NAMES: Final[Wordings] = {
    "en": ("Alice", "Tom", "Priya", "George", "Hannah", "Callum"),
    "pt": ("Inês", "Rui", "Marta", "João", "Beatriz", "Nuno"),
    "bg": ("Мария", "Георги", "Елена", "Иван", "Ралица", "Стоян"),
    "fi": ("Aino", "Mikko", "Liisa", "Jari", "Satu", "Timo"),
}

STAFF: Final = ("Petra (simulated)", "Jonas (simulated)")
