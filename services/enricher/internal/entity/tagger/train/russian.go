package main

import (
	"math/rand/v2"
	"strings"
)

// Names for the Russian templates, whose cases are many: "{P.g}" is a person's full
// name in the genitive, "{S.d}" a family name alone in the dative.
var (
	russianMen = strings.Fields(`Александр Алексей Анатолий Андрей Антон Аркадий Артём Борис Вадим Валентин Валерий
Василий Виктор Виталий Владимир Владислав Вячеслав Геннадий Георгий Герман Глеб Григорий Денис Дмитрий Евгений Егор Иван Игорь
Илья Кирилл Константин Леонид Максим Марат Михаил Никита Николай Олег Павел Пётр Роман Руслан Рустам Семён Сергей Станислав
Степан Тимур Фёдор Эдуард Юрий Яков Ярослав Тарас Остап Богдан Нурлан Ахмед Рашид Джон Майкл Дэвид Роберт Томас Жан Марк Карлос
Антонио Питер Стивен Ричард Ганс Карл Мартин Хосе Марио Али Мохаммед Хасан`)
	russianWomen = strings.Fields(`Александра Алина Алла Анастасия Анна Валентина Валерия Вера Виктория Галина Дарья Диана Евгения
Екатерина Елена Елизавета Жанна Зинаида Зоя Инна Ирина Карина Кристина Лариса Лидия Людмила Маргарита Марина Мария Надежда
Наталья Нина Оксана Ольга Полина Раиса Светлана София Тамара Татьяна Ульяна Юлия Яна Анжела Эмма Сара Джулия Лаура`)
	russianFamilies = strings.Fields(`Абрамов Авдеев Агафонов Андреев Антонов Баранов Белов Белоусов Блинов Богданов Борисов
Быков Васильев Виноградов Власов Волков Воробьёв Воронин Герасимов Голубев Горбунов Гришин Громов Гусев Давыдов Данилов Денисов
Дмитриев Егоров Ермаков Ершов Жданов Жуков Зайцев Захаров Зимин Зуев Игнатов Ильин Исаев Казаков Калинин Карпов Киселёв Климов
Ковалёв Козлов Колесников Комаров Королёв Кравцов Крылов Кудрявцев Кузьмин Куликов Лапин Лебедев Логинов Макаров Максимов
Мартынов Матвеев Медников Мельников Миронов Моисеев Морозов Назаров Никитин Никольский Новиков Носов Овчинников Орехов Осипов
Павлов Панфилов Полянский Покровский Поляков Пономарёв Прохоров Раевский Родионов Рыбаков Рябов Савельев Садовский Сафонов
Семёнов Сидоров Синицын Соболев Соловьёв Сорокин Степанов Субботин Суханов Тарасов Терехов Титов Третьяков Уваров Ушаков Фадеев
Филиппов Фомин Фролов Худяков Чернов Чернышёв Шапошников Шевцов Шилов Щербаков Юдин Яковлев Высоцкий Островский Зелинский
Шевченко Бондаренко Ткаченко Кравченко Савченко Мельничук Ковальчук Бойчук Стасюк Гончарук Саркисян Арутюнян Петросян Гоголадзе
Беридзе Капанадзе Джапаридзе Рубинштейн Вайсман Шульман Лукашевич Янкович Станкевич Милошевич Петрович`)
	foreignFamilies = strings.Fields(`Миллер Шмидт Дюпон Росси Мюллер Кларк Тейлор Гарсия Лопес Хуссейн Ким Накамура Вагнер
Бауэр Фишер Вебер Лоран Бернар Моро Ферри Моретти Джонсон Уилсон Андерсон Картер Паркер Коллинз Мартинес Гонсалес Родригес Силва
Коста Йылмаз Демир Нгуен Танака Ямамото Сингх Хан Рахман Мансур Ларсен Хансен Нильссон Бергман Виртанен Ковач Надь Новак Дворжак
Вишневский Каминский Ионеску Попеску Живкович Ганди Мбеки Оливейра Сантос Кастильо Рамирес Лефевр Жирар Кнехт Штраус Бреннан Дойл`)
)

// russianName makes up a person's name in a case, n, g, d or i; its family name
// alone if lone.
func russianName(lone bool, grammatical byte, random *rand.Rand) string {
	female := random.IntN(3) == 0
	given := russianMen[random.IntN(len(russianMen))]
	if female {
		given = russianWomen[random.IntN(len(russianWomen))]
	}
	families := russianFamilies
	if random.IntN(3) == 0 {
		families = foreignFamilies
	}
	family := russianFamily(families[random.IntN(len(families))], female, grammatical)
	if lone {
		if random.IntN(5) == 0 {
			return declined(given, grammatical)
		}
		return family
	}
	if random.IntN(6) == 0 {
		return string([]rune(given)[:1]) + ". " + family
	}
	return declined(given, grammatical) + " " + family
}

// Endings by case: genitive, dative, instrumental.
var (
	nounHard = map[byte]string{'g': "а", 'd': "у", 'i': "ом"}
	nounSoft = map[byte]string{'g': "я", 'd': "ю", 'i': "ем"}
	nounA    = map[byte]string{'g': "ы", 'd': "е", 'i': "ой"}
	nounYa   = map[byte]string{'g': "и", 'd': "е", 'i': "ей"}
	nounIya  = map[byte]string{'g': "и", 'd': "и", 'i': "ей"}
	possess  = map[byte]string{'g': "а", 'd': "у", 'i': "ым"}
	adjectiv = map[byte]string{'g': "ого", 'd': "ому", 'i': "им"}
)

// declined puts a given name or a foreign family name into a case.
func declined(word string, grammatical byte) string {
	if grammatical == 'n' {
		return word
	}
	r := []rune(word)
	stem, last := string(r[:len(r)-1]), r[len(r)-1]
	switch {
	case word == "Павел":
		return "Павл" + nounHard[grammatical]
	case word == "Пётр":
		return "Петр" + nounHard[grammatical]
	case strings.HasSuffix(word, "ия"):
		return stem + nounIya[grammatical]
	case last == 'я':
		return stem + nounYa[grammatical]
	case last == 'а' && grammatical == 'g' && strings.ContainsRune("гкхжшч", r[len(r)-2]):
		return stem + "и"
	case last == 'а':
		return stem + nounA[grammatical]
	case last == 'й' || last == 'ь':
		return stem + nounSoft[grammatical]
	case strings.ContainsRune("еёиоуыэю", last):
		return word
	}
	return word + nounHard[grammatical]
}

// russianFamily puts a family name, given as a man's, into a case.
func russianFamily(word string, female bool, grammatical byte) string {
	for _, ending := range []string{"ов", "ев", "ёв", "ин", "ын"} {
		if !strings.HasSuffix(word, ending) {
			continue
		}
		switch {
		case !female && grammatical == 'n':
			return word
		case !female:
			return word + possess[grammatical]
		case grammatical == 'n':
			return word + "а"
		}
		return word + "ой"
	}
	if stem, ok := strings.CutSuffix(word, "ий"); ok {
		switch {
		case !female && grammatical == 'n':
			return word
		case !female:
			return stem + adjectiv[grammatical]
		case grammatical == 'n':
			return stem + "ая"
		}
		return stem + "ой"
	}
	if female {
		return word
	}
	return declined(word, grammatical)
}
