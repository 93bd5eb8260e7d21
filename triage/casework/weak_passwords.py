"""What passwords are made of that are guessed first: words, names and rows of keys.

Our own list of the commonest in Kazakhstan, Russia and worldwide, with the words of our house.
"""

from __future__ import annotations

_WORDS = """
000 111 123 123123 1234 12345 123456 1234567 12345678 123456789 1234567890 1q2w3e 1q2w3e4r
1q2w3e4r5t 321 555 654321 666 777 a1b2c3 abc abcd abcdef abcdefg admin administrator aidana
aigul aizhan aktobe aleksandr alina almaty andrew andrey android angel anna apple april arman
arsenal asdf asdfgh asdfghjkl asel astana august autumn azamat baby backup banana barcelona
baseball batman buster butterfly changeme charlie cheese chelsea chocolate cisco cobra coffee
complaint computer cookie corvette dana daniel database daulet december default demo dinamo
dmitry dragon eagle elena erlan facebook falcon february ferrari flower football freedom friday
george gfhjkm ginger google guest halyk harley hello hockey honda huawei hunter iloveyou
instagram internet iphone irina january jordan joshua july june juventus karaganda kaspi
kazakhstan killer kolesa kotik letmein lion liverpool lkjhgf login love lublu lubov madina
maksim manager manchester march maria marina market marketplace master matrix mercedes merlin
michael microsoft mnbvcxz monday monkey moscow mustang mysql natasha network nikita nissan nokia
november nurlan nursultan october olga operator oracle orange panther parol pass passw password
passwort pepper phoenix poiuyt porsche postgres princess privet q1w2e3 q1w2e3r4 qazaqstan qazwsx
qazwsxedc qwe qweasd qweasdzxc qwert qwerty qwertyuiop ranger rjirf robert root router ruslan
russia sabina salem samsung secret september sergey server shadow shymkent snoopy soccer solnce
spartak spring starwars summer sunday sunshine superman support suzuki svetlana switch system
tatyana telegram temp test testtest thomas tiger timur toyota triage trustno1 user vladimir wasd
welcome whatever whatsapp windows winter wireless wolf xiaomi yamaha yfnfif youtube zaika
zaq1zaq1 zenit zhanna zxcv zxcvbn zxcvbnm азамат айгуль айгүл айдана айжан александр алина
алматы андрей анна арман асель астана владимир дана даулет динамо дмитрий елена ерлан жанна
зайка зенит ирина йцукен йцукенг казахстан караганда котик люблю любовь мадина максим марина
мария москва наташа никита нурлан нұрлан ольга пароль привет россия руслан сабина светлана
сергей солнце спартак сәлем татьяна тимур фывапролд шымкент ячсмить қазақстан әсел
"""
WORDS = frozenset(_WORDS.split())
ROWS = (
    "1234567890", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm",
    "qwertyuiop[]asdfghjkl;'zxcvbnm,./", "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/",
    "1q2w3e4r5t6y7u8i9o0p", "qazwsxedcrfvtgbyhnujmikolp", "йцукенгшщзхъфывапролджэячсмитьбю",
    "абвгдеёжзийклмнопрстуфхцчшщъыьэюя", "123qweasdzxc", "qwe123asd456zxc789",
)  # fmt: skip
