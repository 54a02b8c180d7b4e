"""The chat page's own few words, and a guess which language a message is in (for screen readers)."""

import re

LANGUAGES = ("en", "pt", "bg", "fi")
LANGUAGE_NAMES = {
    "en": "English",
    "pt": "Português",
    "bg": "Български",
    "fi": "Suomi",
    "de": "Deutsch",
    "es": "Español",
}

_PHRASES: dict[str, tuple[str, str, str, str]] = {
    "bot": ("bot", "bot", "бот", "botti"),
    "messages": ("Messages", "Mensagens", "Съобщения", "Viestit"),
    "placeholder": ("Message", "Mensagem", "Съобщение", "Viesti"),
    "send": ("Send", "Enviar", "Изпрати", "Lähetä"),
    "menu": ("Menu", "Menu", "Меню", "Valikko"),
    "commands": ("Commands", "Comandos", "Команди", "Komennot"),
    "start": ("Start", "Iniciar", "Старт", "Aloita"),
    "what": ("What can this bot do?", "O que faz este bot?", "Какво може този бот?", "Mitä tämä botti osaa?"),
    "nothing_yet": ("No messages yet", "Ainda sem mensagens", "Още няма съобщения", "Ei vielä viestejä"),
    "typing": ("typing", "a escrever", "пише", "kirjoittaa"),
    "connecting": ("connecting", "a ligar", "свързване", "yhdistetään"),
    "edited": ("edited", "editada", "редактирано", "muokattu"),
    "edit": ("Edit message", "Editar mensagem", "Редактиране", "Muokkaa viestiä"),
    "cancel": ("Cancel", "Cancelar", "Отказ", "Peruuta"),
    "newest": ("To the newest message", "Para a última mensagem", "Към последното съобщение", "Uusimpaan viestiin"),
    "unread": ("unread", "por ler", "непрочетени", "lukematta"),
    "more": ("More", "Mais", "Още", "Lisää"),
    "block": ("Stop and block bot", "Parar e bloquear o bot", "Спиране и блокиране", "Pysäytä ja estä botti"),
    "unblock": ("Unblock", "Desbloquear", "Отблокиране", "Poista esto"),
    "attach": ("Attach", "Anexar", "Прикачване", "Liitä"),
    "photo": ("Photo", "Fotografia", "Снимка", "Kuva"),
    "document": ("File", "Ficheiro", "Файл", "Tiedosto"),
    "voice": ("Voice message", "Mensagem de voz", "Гласово съобщение", "Ääniviesti"),
    "sticker": ("Sticker", "Autocolante", "Стикер", "Tarra"),
    "location": ("Location", "Localização", "Местоположение", "Sijainti"),
    "attachment": ("Attachment", "Anexo", "Прикачено", "Liite"),
    "forwarded": ("Forwarded from", "Reencaminhada de", "Препратено от", "Välitetty käyttäjältä"),
    "hidden": ("Hidden text, show it", "Texto oculto, mostrar", "Скрит текст, покажи", "Piilotettu teksti, näytä"),
    "copied": ("Copied", "Copiado", "Копирано", "Kopioitu"),
    "you": ("You", "Eu", "Аз", "Sinä"),
    "people": ("Chat as", "Conversar como", "Разговор като", "Keskustele nimellä"),
    "person": ("Person", "Pessoa", "Лице", "Henkilö"),
    "app_language": ("Language of the app", "Idioma da aplicação", "Език на приложението", "Sovelluksen kieli"),
    "add_person": ("Add a person", "Adicionar uma pessoa", "Добавяне на човек", "Lisää henkilö"),
    "name": ("Name", "Nome", "Име", "Nimi"),
    "add": ("Add", "Adicionar", "Добавяне", "Lisää"),
    "close": ("Close", "Fechar", "Затваряне", "Sulje"),
    "owner": ("Owner", "Cliente", "Клиент", "Asiakas"),
    "staff": ("Staff", "Equipa", "Екип", "Henkilöstö"),
    "chats": ("Chats", "Conversas", "Чатове", "Keskustelut"),
    "you_are": ("You are", "Escreve como", "Пишете като", "Kirjoita nimellä"),
    "role_staff": ("staff", "equipa", "екип", "henkilöstö"),
    "role_admin": ("admin", "administração", "администратор", "ylläpito"),
    "role_outsider": ("no role", "sem função", "без роля", "ei roolia"),
    "members": ("members", "membros", "членове", "jäsentä"),
    "topics": ("Topics", "Tópicos", "Теми", "Aiheet"),
    "general": ("General", "Geral", "Общи", "Yleinen"),
    "back": ("Back to the topics", "Voltar aos tópicos", "Назад към темите", "Takaisin aiheisiin"),
    "reply": ("Reply", "Responder", "Отговор", "Vastaa"),
    "reply_to": ("Reply to", "Resposta a", "Отговор на", "Vastaus:"),
    "closed": ("closed", "fechado", "затворена", "suljettu"),
    "topic_is_closed": (
        "This topic is closed.",
        "Este tópico está fechado.",
        "Тази тема е затворена.",
        "Tämä aihe on suljettu.",
    ),
    "topic_created": ("Topic created", "Tópico criado", "Създадена е тема", "Aihe luotu"),
    "topic_edited": ("Topic renamed", "Nome do tópico alterado", "Темата е преименувана", "Aihe nimetty uudelleen"),
    "topic_closed": ("Topic closed", "Tópico fechado", "Темата е затворена", "Aihe suljettu"),
    "topic_reopened": ("Topic reopened", "Tópico reaberto", "Темата е отворена отново", "Aihe avattu uudelleen"),
    "close_topic": ("Close topic", "Fechar tópico", "Затваряне на темата", "Sulje aihe"),
    "reopen_topic": ("Reopen topic", "Reabrir tópico", "Отваряне на темата", "Avaa aihe uudelleen"),
    "delete_topic": ("Delete topic", "Eliminar tópico", "Изтриване на темата", "Poista aihe"),
    "joined": ("Joined the group", "Entrou no grupo", "Влезе в групата", "Liittyi ryhmään"),
    "left": ("Left the group", "Saiu do grupo", "Напусна групата", "Poistui ryhmästä"),
    "no_messages": (
        "No messages here yet",
        "Ainda não há mensagens aqui",
        "Тук още няма съобщения",
        "Täällä ei ole vielä viestejä",
    ),
    "caption_hint": (
        "Your text becomes the caption",
        "O texto passa a legenda",
        "Текстът ще бъде описание",
        "Tekstistä tulee kuvateksti",
    ),
    "refused": (
        "That is not possible here.",
        "Isso não é possível aqui.",
        "Тук това не е възможно.",
        "Se ei onnistu tässä.",
    ),
    "preview": (
        "A preview on this computer. No Telegram account is needed, and nothing is sent to Telegram.",
        "Uma pré-visualização neste computador. Não precisa de conta no Telegram e nada é enviado para lá.",
        "Преглед на този компютър. Не е нужен профил в Telegram и нищо не се изпраща там.",
        "Esikatselu tällä koneella. Telegram-tiliä ei tarvita, eikä mitään lähetetä Telegramiin.",
    ),
}
_COMMON_WORDS = {
    "en": "the and is are you your to of for what do does this that with in it can not have which how we",
    "pt": "o a os as de do da dos das que e é um uma não para com em por se mais quem como sua seu ou no na",
    "fi": "ja on ei se että mitä tai vai kun sinun teidän mikä voi ovat myös jos kuka oma mutta niin te",
}
_COMMON = {language: frozenset(listed.split()) for language, listed in _COMMON_WORDS.items()}


def words(language_code: str) -> dict[str, str]:
    """The page's words for a client's language; English for one it does not speak."""
    return {key: wordings[LANGUAGES.index(page_language(language_code))] for key, wordings in _PHRASES.items()}


def page_language(language_code: str) -> str:
    """One of the page's four languages."""
    base = language_code.lower().split("-")[0]
    return base if base in LANGUAGES else "en"


def guess_language(text: str, otherwise: str) -> str:
    """The language of a message among the four; `otherwise` where nothing tells."""
    if len(re.findall("[а-яА-Я]", text)) > len(re.findall("[a-zA-Z]", text)):
        return "bg"
    found = re.findall(r"[^\W\d_]+", text.lower())
    scores = {language: sum(word in common for word in found) for language, common in _COMMON.items()}
    best = max(scores, key=lambda language: scores[language])
    return best if scores[best] > 0 and list(scores.values()).count(scores[best]) == 1 else page_language(otherwise)
