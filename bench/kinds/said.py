"""What the made screens and papers say, in three languages; all of it invented."""

from __future__ import annotations

LANGUAGES = ("ru", "kk", "en")

CHAT = {
    "ru": (
        "Здравствуйте! Заказ пришёл, но товар повреждён",
        "Добрый день. Пришлите, пожалуйста, фото упаковки",
        "Отправила. Трещина по всему корпусу",
        "Мы передали вопрос на склад, ответим завтра",
        "Вы обещали ответить вчера",
        "Возврат не делаем, товар был целый",
        "Тогда верните деньги за заказ",
        "Ок",
        "Курьер оставил коробку у двери, она была мятая с двух сторон",
        "Напишите номер заказа",
    ),
    "kk": (
        "Сәлеметсіз бе! Тапсырыс келді, бірақ тауар зақымдалған",
        "Қайырлы күн. Қаптаманың фотосын жіберіңізші",
        "Жібердім. Корпусында жарық бар",
        "Сұрағыңызды қоймаға бердік, ертең жауап береміз",
        "Кеше жауап беремін деп едіңіз",
        "Тауарды қайтармаймыз, ол бүтін болған",
        "Онда ақшамды қайтарыңыз",
        "Жарайды",
        "Курьер қорапты есік алдына қалдырып кетті, екі жағы мыжылған",
        "Тапсырыс нөмірін жазыңыз",
    ),
    "en": (
        "Hello! The order came but the item is damaged",
        "Good afternoon. Please send a photo of the package",
        "Sent it. There is a crack along the whole case",
        "We passed it to the warehouse and will answer tomorrow",
        "You promised to answer yesterday",
        "No returns, the item was whole",
        "Then give me the money back",
        "OK",
        "The courier left the box at the door, dented on two sides",
        "Write the number of the order",
    ),
}
ORDER = {
    "ru": ("Заказ", "Выдан", "Доставка", "Итого", "Оформить возврат", "Мои заказы", "Продавец"),
    "kk": ("Тапсырыс", "Берілді", "Жеткізу", "Барлығы", "Қайтару", "Тапсырыстарым", "Сатушы"),
    "en": ("Order", "Handed over", "Delivery", "Total", "Return it", "My orders", "Seller"),
}
SELLER = {"ru": "Магазин «Дом»", "kk": "«Үй» дүкені", "en": "Home Store"}
REPORT = {
    "ru": (
        "ЗАКЛЮЧЕНИЕ ЭКСПЕРТА",
        "На исследование представлен электрический чайник в упаковке изготовителя.",
        "При внешнем осмотре установлено: корпус имеет трещину длиной сорок миллиметров.",
        "Следов падения, вскрытия и постороннего вмешательства не обнаружено.",
        "Дефект имеет производственный характер и возник до передачи покупателю.",
    ),
    "kk": (
        "САРАПШЫ ҚОРЫТЫНДЫСЫ",
        "Зерттеуге өндірушінің қаптамасындағы электр шәйнегі ұсынылды.",
        "Сыртқы тексеру кезінде корпуста қырық миллиметрлік жарық анықталды.",
        "Құлау, ашу және бөгде араласу іздері табылған жоқ.",
        "Ақау өндірістік сипатта және сатып алушыға берілгенге дейін пайда болған.",
    ),
    "en": (
        "EXPERT REPORT",
        "An electric kettle in the packaging of its maker was handed in for examination.",
        "The outer inspection showed a crack of forty millimetres in the housing.",
        "No traces of a fall, of opening or of foreign interference were found.",
        "The defect comes from production and was there before the goods were handed over.",
    ),
}
