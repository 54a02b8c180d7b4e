"""The small words of four languages: what two wordings of one question may differ in.

Nothing here is about a subject, so it is no content. A word that is not listed here must stand in both texts. Entries
are written folded (no accents); Bulgarian is written in Cyrillic and compared in Latin letters (`latin`).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from bot.knowledge.endings import bulgarian, english, finnish, latin, portuguese
from bot.knowledge.folding import bare
from bot.languages import Language

NOT: Final = "¬"
"""Any word that denies."""


@dataclass(frozen=True, slots=True)
class Grammar:
    """The small words of one language.

    `frames`: what stands around a question and asks nothing; `dropped`: words without content; `tokens`: words that
    count as one another ("which", "what"), after `says`, the same for several words; `subjects` and `owners`: who does
    it and whose it is (1, 2, 3); `marks`: prepositions, by what they say of the next word; `light`: words that do not
    tell by themselves what a question is about, `measures` those of them that may stand anywhere.
    `stem` gives the stem of a word and what its ending says of its role.
    """

    frames: frozenset[tuple[str, ...]]
    says: Mapping[tuple[str, ...], tuple[str, ...]]
    dropped: frozenset[str]
    tokens: Mapping[str, tuple[str, ...]]
    subjects: Mapping[str, str]
    owners: Mapping[str, str]
    marks: Mapping[str, str]
    light: frozenset[str]
    measures: frozenset[str]
    stem: Callable[[str], tuple[str, str]]
    begins: frozenset[str]
    """The first words of `frames` and `says`."""
    longest: int


WEAK: Final = frozenset({"to", "of", "for", "by-weak", "at"})
"""Marks that may as well be missing."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _phrases(text: str) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(phrase.split()) for phrase in text.split(",") if phrase.strip())


def _pairs(text: str) -> dict[str, tuple[str, ...]]:
    """`?what: what which; ¬: not no` -> every word with its tokens (`!can+¬: cannot` gives two)."""
    groups = (group.partition(":") for group in text.split(";") if group.strip())
    return {word: tuple(name.strip().split("+")) for name, _, words in groups for word in words.split()}


def _singles(text: str) -> dict[str, str]:
    return {word: found[0] for word, found in _pairs(text).items()}


def _grammar(
    stem: Callable[[str], tuple[str, str]], spelt: Callable[[str], str], *, frames: str, says: str, dropped: str,
    tokens: str, subjects: str, owners: str, marks: str, light: str, measures: str,
) -> Grammar:  # fmt: skip
    def row(words: Iterable[str]) -> tuple[str, ...]:
        return tuple(map(spelt, words))

    said = {row(words): found for name, words in _said(says) for found in [tuple(name.split("+"))]}
    framed = frozenset(map(row, _phrases(frames)))
    return Grammar(
        framed, said, frozenset(row(_words(dropped))),
        {spelt(word): found for word, found in _pairs(tokens).items()},
        {spelt(word): found for word, found in _singles(subjects).items()},
        {spelt(word): found for word, found in _singles(owners).items()},
        {spelt(word): found for word, found in _singles(marks).items()},
        frozenset(stem(spelt(word))[0] for word in _words(light + " " + measures)),
        frozenset(stem(spelt(word))[0] for word in _words(measures)), stem,
        frozenset(phrase[0] for phrase in (*framed, *said)), max(map(len, (*framed, *said))),
    )  # fmt: skip


def _said(text: str) -> Iterable[tuple[str, tuple[str, ...]]]:
    for group in text.split(";"):
        name, _, phrases = group.partition(":")
        for phrase in phrases.split(","):
            if phrase.strip():
                yield name.strip(), tuple(phrase.split())


GRAMMARS: Final[Mapping[Language, Grammar]] = {
    "en": _grammar(
        english, bare,
        frames="""can you tell me, could you tell me, can u tell me, can you please tell me, could you please tell me,
            would you tell me, please tell me, tell me, let me know, can you explain, could you explain, could you
            please explain, can you please explain, can you say, could you say, do you know, do you happen to know,
            would you know, does anyone know, does anybody know, i would like to know, i d like to know, id like to
            know, i would love to know, i want to know, i wanted to know, i need to know, we would like to know, we
            want to know, wanna know, i wonder, i was wondering, i am wondering, im wondering, just wondering, i have a
            question, i have one more question, i have another question, quick question, one more question, one
            question, another question, my question is, any idea, i would like to ask, id like to ask, i wanted to ask,
            i want to ask, can i ask, may i ask, could i ask, can i ask you, good morning, good day, good afternoon,
            good evening, thank you very much, thank you so much, thank you, thanks a lot, thanks in advance, many
            thanks, thanks, excuse me, by the way, hi there, hello there, in your opinion, as a rule, in general, more
            or less, at all, is it possible to know""",
        says="""!must: have to, has to, need to, needs to, had to, ought to; !can: allowed to, able to, is it possible
            to, possible to; ¬: no longer; ?howmuch: how much; ?howmany: how many; ?howlong: how long; ?howoften: how
            often; ?howfast: how fast, how quickly, how soon; @us: for me, for us, to me, to us, with me, with us, from
            me, from us, on me; at-most: at most; at-least: at least""",
        dropped="""a an any the is are am be been being isn do does will would of in on at for with as it its itself
            there and so then if whether please pls plz hi hello hey dear ok okay well um hmm just exactly actually
            really typically usually normally generally about approximately approx roughly around basically also kindly
            sorry u one ones own here thats theres""",
        tokens="""?what: what which whats; ?how: how hows; ?who: who whos whom; ?whose: whose; ?when: when whens;
            ?where: where wheres; ?why: why whys; !can: can could may might; !must: must should shall; ¬: not no dont
            doesnt didnt wont isnt arent wasnt never none neither nor havent hasnt; !can+¬: cant cannot couldnt;
            !must+¬: shouldnt mustnt; #2: two; #3: three; #4: four; #5: five; #6: six; #7: seven; #8: eight; #9: nine;
            #10: ten; center: centre; centers: centres; organise: organize""",
        subjects="""1: i we im ive weve id wed ill; 2: you youre youve youll youd; 3: he she they theyre""",
        owners="""1: my our mine ours me us myself ourselves; 2: your yours; 3: his her hers their theirs them him""",
        marks="""to: to into onto; from: from; without: without; before: before; after: after; until: until till; by:
            by; between: between; during: during; instead: instead; than: than; against: against; under: under below;
            over: over above; via: via through""",
        light="""work need get have has make give go come good best start thing way want use help do happen mean kind
            know see look tell say think try keep put find like new way problem question answer this that these those
            company business firm people person""",
        measures="""take time cost price much many long hour day week month year often soon fast quick quickly""",
    ),
    "pt": _grammar(
        portuguese, bare,
        frames="""pode dizer me, podia dizer me, poderia dizer me, pode me dizer, podem dizer me, podiam dizer me,
            podes dizer me, diga me, digam me, diz me, sabe dizer me, sabem dizer me, sabe me dizer, sabe se, sabem se,
            gostava de saber, gostaria de saber, queria saber, quero saber, precisava de saber, preciso de saber,
            gostavamos de saber, queriamos saber, pode explicar me, podia explicar me, pode explicar, podia explicar,
            podem explicar, explique me, tenho uma pergunta, tenho uma duvida, uma pergunta, uma duvida, mais uma
            pergunta, outra pergunta, gostava de perguntar, gostaria de perguntar, queria perguntar, posso perguntar,
            bom dia, boa tarde, boa noite, muito obrigado, muito obrigada, desde ja obrigado, desde ja obrigada, por
            favor, se faz favor, com licenca, ja agora, em geral, e que, mais ou menos, por norma, em media, sera que,
            a minha pergunta e, tem ideia, faz ideia""",
        says="""!must+@other: tem de, tem que; !must: tenho de, tenho que, temos de, temos que, e preciso, e
            necessario, sou obrigado a, somos obrigados a; !can: pode se, podem se, e possivel, sera possivel, da para;
            ?what: o que; ?why: por que, porque; ?howlong: quanto tempo, quantos tempo; @us: por mim, por nos, para
            mim, comigo, connosco; at-least: pelo menos; at-most: no maximo""",
        dropped="""o a os as um uma uns umas em no na nos nas num numa e sao esta estao ser sera vai vao ir com se me
            lhe lhes te ola oi obrigado obrigada favor sff pf entao exatamente exactamente normalmente geralmente
            habitualmente aproximadamente cerca mesmo realmente tambem ai ne pois bem desculpe caro cara""",
        tokens="""?which: que qual quais q; ?what: oque; ?howmuch: quanto quanta; ?howmany: quantos quantas; ?how:
            como; ?when: quando; ?where: onde aonde; ?who: quem; ?why: porque; !can: posso pode podemos podem poder
            podia podemos podiamos poderia; !must: devo deve devemos devem dever deveria; ¬: nao nunca nem nenhum
            nenhuma nada ninguem; #2: dois duas; #3: tres; #4: quatro; #5: cinco; #6: seis; #7: sete; #8: oito; #9:
            nove; #10: dez""",
        subjects="""1: eu posso podemos podiamos devo devemos tenho temos; 2: voce voces vc vcs tu; x: pode podem
            poderia deve devem; 3: ele ela eles elas""",
        owners="""1: meu minha meus minhas nosso nossa nossos nossas mim connosco; 2: seu sua seus suas vosso vossa
            vossos vossas teu tua; 3: dele dela deles delas""",
        marks="""of: de do da dos das d; to: para pra ao aos; by-weak: por pelo pela pelos pelas; from: desde; without:
            sem; before: antes; after: depois apos; until: ate; between: entre; during: durante; against: contra; over:
            sobre; via: atraves""",
        light="""trabalho trabalhar precisar preciso fazer dar ter haver ha bom boa melhor comecar coisa forma maneira
            querer quero usar ajudar saber ver dizer pensar novo nova problema pergunta resposta isto isso aquilo este
            esta esse essa estes estas esses essas empresa negocio pessoa pessoas tem ficar""",
        measures="""tempo demorar demora levar leva custar custa custo preco hora dia semana mes meses ano durar
            dura""",
    ),
    "bg": _grammar(
        bulgarian, lambda word: latin(bare(word)),
        frames="""може ли да ми кажете, може ли да ми кажеш, можете ли да ми кажете, бихте ли ми казали, бихте ли
            казали, бихте ли ми обяснили, кажете ми, кажи ми, кажете, кажи, ще ми кажете ли, искам да знам, искам да
            попитам, искам да питам, бих искал да знам, бих искала да знам, бих искал да попитам, бих искала да
            попитам, искаме да знаем, искаме да попитаме, исках да попитам, исках да питам, искам да разбера,
            интересува ме, интересува ни, интересувам се, питам се, чудя се, знаете ли, знаеш ли, имам въпрос, имам
            един въпрос, имам още един въпрос, един въпрос, още един въпрос, друг въпрос, въпросът ми е, добър ден,
            добро утро, добър вечер, моля ви, благодаря ви предварително, благодаря ви, благодаря предварително, много
            благодаря, може ли да попитам, може ли да питам, може ли да обясните, можете ли да обясните, обяснете ми,
            между другото, горе долу, по принцип, като цяло, имате ли идея, вие знаете ли, дали знаете""",
        says="""?howlong: колко време, колко дълго, колко много време; !must: длъжен ли съм да, длъжни ли сме да; !can:
            възможно ли е, възможно е; @us: за мен, за нас, с мен, с нас, от мен, от нас, на мен, на нас; at-least:
            поне, най малко; at-most: най много; ?why: за какво""",
        dropped="""да се си ли е са съм сме сте ще би бих бихме бихте в във с със при по и а но че ако дали един една
            едно точно примерно обикновено около приблизително всъщност моля здравейте здравей здрасти благодаря мерси
            ок добре също ами ме го я ги че де бе то""",
        tokens="""?what: какво кво кое кои коя; ?kind: какъв каква какви; ?who: кой кого; ?howmuch: колко; ?how: как;
            ?when: кога; ?where: къде; ?wherefrom: откъде; ?why: защо; !can: мога можем могат може можете можеш; !must:
            трябва трябваше; ¬: не няма нямам нямаме никога недей никакъв никаква никакви никой нищо; #2: две два
            двама; #3: три трима; #4: четири; #5: пет; #6: шест; #7: седем; #8: осем; #9: девет; #10: десет""",
        subjects="""1: аз ние мога можем ний; 2: вие можете можеш; 3: той тя те могат""",
        owners="""1: ми ни мой моя мое моят мои моите моята моето наш наша наше наши нашия нашият нашата нашето нашите
            нас мен; 2: ви ти ваш ваша ваше ваши вашия вашият вашата вашето вашите твой твоя твоят твоята вас теб; 3:
            му им техен техния тяхната техните неговия""",
        marks="""from: от; at: на; to: до към; for: за; without: без; before: преди; after: след; between: между;
            during: през; instead: вместо; against: срещу; under: под; over: над; via: чрез""",
        light="""работа работя нужен нужно нужна нужни искам има имам правя дам вземам добър най започна нещо начин нов
            проблем въпрос отговор този тази това тези фирма компания бизнес хора човек използвам помогна ползвам
            необходимо необходим""",
        measures="""време отнема отнеме трае струва цена цени месец месеца ден дни седмица година час излиза
            продължава""",
    ),
    "fi": _grammar(
        finnish, bare,
        frames="""voitko kertoa, voitteko kertoa, voisitko kertoa, voisitteko kertoa, voitko sanoa, voisitko sanoa,
            voisiko joku kertoa, voiko joku kertoa, kerro, kertokaa, kerrotko, kerro minulle, kertoisitko, haluaisin
            tietää, haluan tietää, haluaisimme tietää, haluaisin kysyä, haluan kysyä, tahtoisin tietää, tiedätkö,
            tiedättekö, tietäisitkö, osaatko sanoa, osaatteko sanoa, osaisitko sanoa, osaatko kertoa, minulla on
            kysymys, mulla on kysymys, minulla olisi kysymys, yksi kysymys, vielä yksi kysymys, toinen kysymys,
            sellainen kysymys, mietin, pohdin, mietin vain, hyvää päivää, hyvää huomenta, hyvää iltaa, ole hyvä, olkaa
            hyvä, kiitos etukäteen, kiitos paljon, paljon kiitoksia, saanko kysyä, onko tietoa, suurin piirtein,
            muuten, voisitko selittää, voitko selittää, voitteko selittää, selitä""",
        says="""?howmuch: kuinka paljon, miten paljon; ?howlong: kuinka kauan, miten kauan, kuinka pitkään, miten
            pitkään, kuinka pitkä aika, miten pitkä aika; ?howmany: kuinka monta, miten monta, kuinka moni; ?howfast:
            kuinka nopeasti, miten nopeasti; ?howoften: kuinka usein, miten usein; !can: onko mahdollista; !must: on
            pakko, onko pakko; at-least: vähintään, ainakin; at-most: enintään, korkeintaan""",
        dropped="""on ovat onko ovatko olla ole olisi ja että se ne niin siis noin suunnilleen yleensä tarkalleen
            oikeastaan hei moi terve moikka kiitos kiitti pliis jos sitten ihan nyt kai no tavallisesti keskimäärin
            myös oikein itse siitä niistä sitä niitä sille niille sen niiden""",
        tokens="""?what: mikä mitä mitkä minkä; ?kind: millainen millaisia millaista millaiset millaisen minkälainen
            minkälaisia minkälaisen minkälaiset; ?who: kuka ketkä ketä; ?whose: kenen; ?when: milloin koska; ?where:
            missä; ?wherefrom: mistä; ?whereto: mihin minne; ?why: miksi; ?how: miten kuinka; ?howmuch: paljonko;
            ?howmany: montako; ?howlong: kauanko; !can: voin voinko voimme voimmeko voi voiko voit voitko voitte
            voitteko voivat voivatko voidaan voidaanko saako saanko saammeko; !must: pitää pitääkö täytyy täytyykö
            pitäisi pitäisikö; ¬: ei en emme ette eivät et eikö enkö emmekö ettekö älä koskaan eivätkö; #2: kaksi
            kahden; #3: kolme kolmen; #4: neljä neljän; #5: viisi viiden; #6: kuusi; #7: seitsemän; #8: kahdeksan; #9:
            yhdeksän; #10: kymmenen""",
        subjects="""1: minä me voin voinko voimme voimmeko saanko saammeko mä; 2: sinä te voit voitko voitte voitteko
            sä; 3: hän he voivat voivatko""",
        owners="""1: minun meidän mun minulle minua meille meitä meiltä meillä minulla minulta; 2: sinun teillä sinulla
            teidän sun sinulle teille teitä teiltä sinulta; 3: hänen heidän heille""",
        marks="",
        light="""työ tarvita tarvitsen tarvitsee tarvitaanko tehdä saada antaa hyvä paras aloittaa asia tapa haluta
            käyttää auttaa uusi ongelma kysymys vastaus tämä tuo nämä yritys yrityksen ihminen firma""",
        measures="""aika aikaa kestää kesto menee vie maksaa hinta kuukausi viikko päivä vuosi tunti kuukautta""",
    ),
}  # fmt: skip
