"""Which language a text is in: Russian, Kazakh in any of its spellings, or English."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from triage.classifier.letters import KAZAKH_LETTERS, fold, plain, script_of, to_cyrillic

WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f\u00ad\u200b-\u200d\u2060])*")


def _listed(spaced: str) -> frozenset[str]:
    return frozenset(fold(word) for word in spaced.split())


# Everyday words, in base letters (letters.fold), that belong to one language only. Function
# words and what every complaint says; nothing here says what the complaint is about.
_KAZAKH = _listed(
    """
    деп жок бир мен тур екен еки емес деиди бар кун баска рет кетти деген енди керек еди маган
    ма ме ба бе па пе гои уш калди сол алдим ал гана едим болди алган жакси деди тек ак шикти
    бул жауап оси отир ол болип ушин жатир али ишинде кеиин дурис бугин жазип отирмин жазилган
    адам каита тапсирис деиин озим екинши сатип казир таги болса аи жана бари бери уиде берди
    менин келген болади калган жокпин апта бала акшани келгени кунде келеди бурин сиякти салип
    береди содан сонда шигар кеше ертен бердим жаздим кара алмаи турип калаи коидим ашип ештене
    коиган алди каида акшамди толик каитару айтип келмеди коп алдик карап кетип сурап сагат
    бермеиди болган ондаи жумис берген саин немесе кеткен шигип турган ешким орнина барип
    болмаса бос сураиди кагаз уиге шиккан оган откен тунде улкен тез кутип тусип ким жерде ески
    мулдем бизге оз тагида калаисиз салеметсизбе саламатсизбе салеметсиз саламатсиз рахмет
    ракмет сиздер сизге отиниш отинем сураимин неге калаи кашан кандаи мине осилаи сондаи
    оте жаман нашар арзан кимбат керемет унаиди унамади кушти ештене келди келмеиди болмаиди
    жасамаиди истемеиди беримниз ашсам жогалди акша сатуши тауар зат дукен сапаси сапасина улим
    кизим балам уакитинда бирак себеби егер солаи сонимен ози олар биз сиз сен тек канша ештеме
    """
)
_RUSSIAN = _listed(
    """
    на в и с я что а по за у нет как но для мне это уже все то из же до от к без так через под
    меня еще прошу только при потом после говорит днеи ничего теперь его внутри просто если она
    вас вместо или можно где говорят тоже потому сказал здравствуите надо сказали ли ее кто
    чем них чтоби они бил било било была били больше пожалуиста назад либо ну нас него номер
    спасибо когда сразу добрии будет каждии мои новии такои вчера вот весь цвет какои нельзя
    очень сеичас месяц одна вам раза хочу завтра о об мои моя моеи тут этот эта ети ета етот
    котории которая пришел пришла пришло пришли заказал заказала купил купила верните деньги
    товар заказ качество магазин работает плохо хорошо совсем даже сами себе тогда там он
    ми ти ви их им ему неи моего вообше почему сколько никто ждать жду почти лет день раз не ни
    би со во ко эх или прислали привезли доставка продавец вернуть недели неделю
    """
)
_ENGLISH = _listed(
    """
    the a an and or but if then of to in on at by for from with without is are was were be been am
    do does did not no yes it its this that these those there here what when where which who why
    how i you he she we they me my your his her our their them us have has had can cannot could
    will would should may might must just only also very too so than as about after before again
    still never now please hello hi dear thanks thank get got give want need like one two all any
    some more don doesn didn won isn wasn can't i'm out up down off over into until because day
    days week money order item came back ordered received arrived broken refund seller delivery
    wrong return package size says said good bad great nice use used works
    """
)
_KAZAKH_ENDING = re.compile(
    r".{2}(?:[мпб][ае]и(?:ди|мин|сиз|син|тин|д|м)|[мпб][ае]ган|[мпб][ае]пти|[аеи]п(?:ти)?|[аеи]си"
    r"|[гк][ае]н(?:мин|син|нан|да|дан)?|[лдт][ае]р(?:и|ди|га|ге|дин|мен|ини[нз])|[днт]ин"
    r"|[дт]и(?:к|м|н|низ)|[аеи][дт]и|[дтн][ае]н|[гк]е|[дт]а|[дт]е|[мбп]ен|сиз|[лд]ик|и[мн]ди|инде"
    r"|инан|инен)$"
)
_RUSSIAN_ENDING = re.compile(
    r".{2}(?:тся|лся|л[аои]с|ого|его|ому|ему|ая|яя|ое|ее|ие|ими|ами|ями|ах|ях|ов|ев|еш|иш|ут|ют|ят"
    r"|ет|ит|ал[аои]?|ил[аои]?|ел[аои]?|ул[аои]?|ия|ию|ние|ост|ост[ию]|ки|ок|ку|ка|т|ном|ной|нои)$"
)
_AFTER_APOSTROPHE = frozenset({"s", "t", "m", "d", "ll", "re", "ve"})  # don't, it's
_ENGLISH_SHAPE = re.compile(
    r"th|wh|ck|ct|igh|oo[dfklmnpt]|ou(?:[glrs]|nd?t?s?$)|ow|ew|ea[dkrsv]|ee[dknp]|[bcfgp]ly$"
    r"|^(?:co[^k]|cl|cr|cu|ex|ca[rln])|(?:[tkdcnsrv]ed|[trn]ion|[^ntdk]ing|ers|[nrlpt]s|gs|ds|nd|ld"
    r"|ll|ay|[btp]le|[iao]ve|[ainu]ce|[aio]ke|ate|[au]re|ic|ful|less|ness|ment|ity)$"
)
"""Runs of letters that English words have and romanised Kazakh and Russian hardly ever."""
_KAZAKH_VERB = re.compile(r".[аеи]и(?:ди|мин|сиз|син|тин|миз)$")
_KAZAKH_LETTER, _LISTED, _SHAPE, _ENDING = 3.0, 2.0, 1.0, 0.6
"""How much one word says; found on our corpus."""
_SHARED = 0.5  # of it where English has the same letters (to: «то», my: «мы», on: «он»)
_ENOUGH = 2.0  # of evidence before words in Latin letters are more than the name of a thing


class Clue(NamedTuple):
    """What one word says about the language of its text; for a Latin word ``kazakh`` and
    ``russian`` hold if its letters stand for Cyrillic ones."""

    script: str | None  # cyrillic, latin
    kazakh_letters: bool
    kazakh: float
    russian: float
    english: float


def detect(text: str) -> str | None:
    """``ru``, ``kk``, ``en``, or None where nothing tells (no words, a bare product name).

    A mixture gets the language of most of its evidence. Kazakh is known in its own letters, in
    Russian letters and in Latin ones.
    """
    return identify([clue(plain(word)) for word in WORD.findall(text)])[0]


def identify(clues: Sequence[Clue]) -> tuple[str | None, bool]:
    """The language, and whether Latin letters stand for Cyrillic ones in this text."""
    kazakh, russian, english = 0.0, 0.0, 0.0
    latin = [word for word in clues if word.script == "latin"]
    cyrillic = [word for word in clues if word.script == "cyrillic"]
    mostly_latin = len(latin) > len(cyrillic)
    for word in clues if mostly_latin else cyrillic:
        kazakh += word.kazakh
        russian += word.russian
        english += word.english
    if not mostly_latin:
        return (("kk" if kazakh > russian else "ru") if cyrillic else None), False
    if max(kazakh, russian) > english and max(kazakh, russian) >= _ENOUGH:
        return ("kk" if kazakh >= russian else "ru"), True
    return ("en" if english >= _ENOUGH else None), False


@lru_cache(maxsize=50_000)
def clue(word: str) -> Clue:
    """The clue of a plain word (letters.plain)."""
    script = script_of(word)
    own_letters = not KAZAKH_LETTERS.isdisjoint(word)
    kazakh, russian = _evidence(to_cyrillic(word) if script == "latin" else word)
    english = 0.0
    if script == "latin" and word in _ENGLISH:
        kazakh, russian, english = kazakh * _SHARED, russian * _SHARED, _LISTED
    elif script == "latin" and word in _AFTER_APOSTROPHE:
        kazakh = russian = 0.0
    elif script == "latin" and _ENGLISH_SHAPE.search(word):
        english = _SHAPE
    return Clue(script, own_letters, kazakh, russian, english)


def _evidence(word: str) -> tuple[float, float]:
    """How much one Cyrillic word says for Kazakh and for Russian."""
    if not KAZAKH_LETTERS.isdisjoint(word):
        return _KAZAKH_LETTER, 0.0
    base = fold(word)
    if base in _KAZAKH or _KAZAKH_VERB.search(base):
        return _LISTED, 0.0
    if base in _RUSSIAN:
        return 0.0, _LISTED
    return (
        _ENDING if _KAZAKH_ENDING.search(base) else 0.0,
        _ENDING if _RUSSIAN_ENDING.search(base) else 0.0,
    )
