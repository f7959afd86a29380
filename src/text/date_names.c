#include "text/date_names.h"

#include <stddef.h>

/* A row a language, in the order of ambiguity: the first language that has the word decides. A word
 * also matches when it is the beginning of a name, from three letters on ("sept", "juill"). */
static const char *const months[][12] = {
	/* English */
	{ "january", "february", "march", "april", "may", "june", "july", "august", "september",
	  "october", "november", "december" },
	/* German */
	{ "januar", "februar", "marz", "april", "mai", "juni", "juli", "august", "september",
	  "oktober", "november", "dezember" },
	{ "janner", "feber", "maerz", "apr", "mai", "jun", "jul", "aug", "sept", "okt", "nov",
	  "dez" },
	/* French */
	{ "janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet", "aout", "septembre",
	  "octobre", "novembre", "decembre" },
	/* Spanish, Italian, Portuguese, Catalan */
	{ "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre",
	  "octubre", "noviembre", "diciembre" },
	{ "gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto",
	  "settembre", "ottobre", "novembre", "dicembre" },
	{ "janeiro", "fevereiro", "marco", "abril", "maio", "junho", "julho", "agosto", "setembro",
	  "outubro", "novembro", "dezembro" },
	{ "gener", "febrer", "marc", "abril", "maig", "juny", "juliol", "agost", "setembre",
	  "octubre", "novembre", "desembre" },
	/* Danish and Norwegian, Swedish, Dutch */
	{ "januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september",
	  "oktober", "november", "december" },
	{ "januari", "februari", "mars", "april", "mai", "juni", "juli", "augusti", "september",
	  "oktober", "november", "desember" },
	{ "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september",
	  "oktober", "november", "december" },
	/* Hungarian, Romanian, Turkish, Finnish */
	{ "januar", "februar", "marcius", "aprilis", "majus", "junius", "julius", "augusztus",
	  "szeptember", "oktober", "november", "december" },
	{ "ianuarie", "februarie", "martie", "aprilie", "mai", "iunie", "iulie", "august",
	  "septembrie", "octombrie", "noiembrie", "decembrie" },
	{ "ocak", "subat", "mart", "nisan", "mayis", "haziran", "temmuz", "agustos", "eylul",
	  "ekim", "kasim", "aralik" },
	{ "tammikuuta", "helmikuuta", "maaliskuuta", "huhtikuuta", "toukokuuta", "kesakuuta",
	  "heinakuuta", "elokuuta", "syyskuuta", "lokakuuta", "marraskuuta", "joulukuuta" },
	/* Polish, Czech; the genitive is what dates have */
	{ "stycznia", "lutego", "marca", "kwietnia", "maja", "czerwca", "lipca", "sierpnia",
	  "wrzesnia", "pazdziernika", "listopada", "grudnia" },
	{ "ledna", "unora", "brezna", "dubna", "kvetna", "cervna", "cervence", "srpna", "zari",
	  "rijna", "listopadu", "prosince" },
	/* Russian, Ukrainian: genitive, nominative */
	{ "января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября",
	  "октября", "ноября", "декабря" },
	{ "январь", "февраль", "март", "апрель", "май", "июнь", "июль", "август", "сентябрь",
	  "октябрь", "ноябрь", "декабрь" },
	{ "січня", "лютого", "березня", "квітня", "травня", "червня", "липня", "серпня", "вересня",
	  "жовтня", "листопада", "грудня" },
	/* Greek: genitive, nominative */
	{ "ιανουαριου", "φεβρουαριου", "μαρτιου", "απριλιου", "μαιου", "ιουνιου", "ιουλιου",
	  "αυγουστου", "σεπτεμβριου", "οκτωβριου", "νοεμβριου", "δεκεμβριου" },
	{ "ιαν", "φεβ", "μαρ", "απρ", "μαι", "ιουν", "ιουλ", "αυγ", "σεπ", "οκτ", "νοε", "δεκ" },
	{ "ιανουαριος", "φεβρουαριος", "μαρτιος", "απριλιος", "μαιος", "ιουνιος", "ιουλιος",
	  "αυγουστος", "σεπτεμβριος", "οκτωβριος", "νοεμβριος", "δεκεμβριος" },
	/* Vietnamese and Indonesian have "tháng 1" and these */
	{ "januari", "februari", "maret", "april", "mei", "juni", "juli", "agustus", "september",
	  "oktober", "november", "desember" },
};

/* Short forms that are not the beginning of a name, and odd spellings. */
static const struct {
	const char *word;
	int month;
} odd_months[] = {
	{ "sept", 9 }, { "juil", 7 },  { "mrz", 3 },  { "ago", 8 },     { "set", 9 },
	{ "sty", 1 },  { "szept", 9 }, { "mayo", 5 }, { "maj", 5 },     { "mag", 5 },
	{ "mai", 5 },  { "ιουν", 6 },  { "ιουλ", 7 }, { "αυγ", 8 },     { "σεπτ", 9 },
	{ "μαϊ", 5 },  { "μαη", 5 },   { "febr", 2 }, { "febuary", 2 }, { "setp", 9 },
};

/* Beginnings of the names of days: two letters suffice where a full stop or comma follows, so all
 * that matters is that none begins a month's name in three letters. */
static const char *const weekdays[] = {
	"mon",          "tue",         "wed",       "thu",         "fri",        "sat",
	"sun",          "montag",      "dienstag",  "mittwoch",    "donnerstag", "freitag",
	"samstag",      "sonnabend",   "sonntag",   "lundi",       "mardi",      "mercredi",
	"jeudi",        "vendredi",    "samedi",    "dimanche",    "lunes",      "martes",
	"miercoles",    "jueves",      "viernes",   "sabado",      "domingo",    "lunedi",
	"martedi",      "mercoledi",   "giovedi",   "venerdi",     "sabato",     "domenica",
	"segunda",      "terca",       "quarta",    "quinta",      "sexta",      "mandag",
	"tirsdag",      "onsdag",      "torsdag",   "fredag",      "lordag",     "loerdag",
	"sondag",       "soendag",     "maandag",   "dinsdag",     "woensdag",   "donderdag",
	"vrijdag",      "zaterdag",    "zondag",    "mandag",      "tisdag",     "hetfo",
	"kedd",         "szerda",      "csutortok", "pentek",      "szombat",    "vasarnap",
	"poniedzialek", "wtorek",      "sroda",     "czwartek",    "piatek",     "sobota",
	"niedziela",    "pondeli",     "utery",     "streda",      "ctvrtek",    "patek",
	"nedele",       "pazartesi",   "sali",      "carsamba",    "persembe",   "cuma",
	"cumartesi",    "pazar",       "pzt",       "cmt",         "luni",       "miercuri",
	"vineri",       "sambata",     "duminica",  "понедельник", "вторник",    "среда",
	"четверг",      "пятница",     "суббота",   "воскресенье", "понеділок",  "вівторок",
	"середа",       "п'ятниця",    "субота",    "неділя",      "κυριακη",    "δευτερα",
	"τριτη",        "τεταρτη",     "πεμπτη",    "παρασκευη",   "σαββατο",    "maanantai",
	"tiistai",      "keskiviikko", "torstai",   "perjantai",   "lauantai",   "sunnuntai",
	"mo",           "tu",          "di",        "we",          "mi",         "th",
	"do",           "fr",          "sa",        "so",          "su",         "ma",
	"ti",           "on",          "to",        "lo",          "пн",         "вт",
	"ср",           "чт",          "пт",        "сб",          "вс",         "вск",
	"tues",         "thur",        "thurs",     "weds",
};

/* Minutes east of UTC. A name that stands twice means the first, unless the source's own zone is
 * another. */
static const struct {
	const char *name;
	int offset_min;
} zones[] = {
	{ "z", 0 },       { "gmt", 0 },    { "ut", 0 },        { "utc", 0 },       { "uct", 0 },
	{ "wet", 0 },     { "zulu", 0 },   { "universal", 0 }, { "greenwich", 0 }, { "ast", -240 },
	{ "adt", -180 },  { "at", -240 },  { "est", -300 },    { "edt", -240 },    { "et", -300 },
	{ "cst", -360 },  { "cst", 480 },  { "cdt", -300 },    { "ct", -360 },     { "mst", -420 },
	{ "mst", 480 },   { "mdt", -360 }, { "mt", -420 },     { "pst", -480 },    { "pst", 480 },
	{ "pdt", -420 },  { "pt", -480 },  { "akst", -540 },   { "akdt", -480 },   { "hst", -600 },
	{ "hdt", -540 },  { "nst", -210 }, { "ndt", -150 },    { "bst", 60 },      { "west", 60 },
	{ "met", 60 },    { "mez", 60 },   { "mewt", 60 },     { "cet", 60 },      { "cest", 120 },
	{ "mest", 120 },  { "mesz", 120 }, { "eet", 120 },     { "eest", 180 },    { "sast", 120 },
	{ "cat", 120 },   { "eat", 180 },  { "wat", 60 },      { "ist", 330 },     { "ist", 60 },
	{ "ist", 120 },   { "idt", 180 },  { "msk", 180 },     { "msd", 240 },     { "trt", 180 },
	{ "irst", 210 },  { "gst", 240 },  { "pkt", 300 },     { "npt", 345 },     { "bdt", 360 },
	{ "mmt", 390 },   { "ict", 420 },  { "wib", 420 },     { "wita", 480 },    { "wit", 540 },
	{ "hkt", 480 },   { "sgt", 480 },  { "myt", 480 },     { "pht", 480 },     { "phst", 480 },
	{ "awst", 480 },  { "jst", 540 },  { "kst", 540 },     { "acst", 570 },    { "acdt", 630 },
	{ "aest", 600 },  { "aedt", 660 }, { "nzst", 720 },    { "nzdt", 780 },    { "brt", -180 },
	{ "brst", -120 }, { "art", -180 }, { "clt", -240 },    { "clst", -180 },   { "cot", -300 },
	{ "pet", -300 },  { "vet", -240 }, { "uyt", -180 },
};

static const struct {
	const char *word;
	enum date_word kind;
} others[] = {
	{ "am", DATE_WORD_AM },           { "a.m", DATE_WORD_AM },
	{ "π.μ", DATE_WORD_AM },          { "πμ", DATE_WORD_AM },
	{ "de", DATE_WORD_FILLER },       { "du", DATE_WORD_FILLER },
	{ "del", DATE_WORD_FILLER },      { "den", DATE_WORD_FILLER },
	{ "d", DATE_WORD_FILLER },        { "le", DATE_WORD_FILLER },
	{ "pm", DATE_WORD_PM },           { "p.m", DATE_WORD_PM },
	{ "μ.μ", DATE_WORD_PM },          { "μμ", DATE_WORD_PM },
	{ "h", DATE_WORD_HOURS },         { "hrs", DATE_WORD_HOURS },
	{ "uhr", DATE_WORD_HOURS },       { "ч", DATE_WORD_HOURS },
	{ "g", DATE_WORD_FILLER },        { "г", DATE_WORD_FILLER },
	{ "года", DATE_WORD_FILLER },     { "року", DATE_WORD_FILLER },
	{ "r", DATE_WORD_FILLER },        { "в", DATE_WORD_FILLER },
	{ "o", DATE_WORD_FILLER },        { "kl", DATE_WORD_FILLER },
	{ "klo", DATE_WORD_FILLER },      { "um", DATE_WORD_FILLER },
	{ "les", DATE_WORD_FILLER },      { "alle", DATE_WORD_FILLER },
	{ "ore", DATE_WORD_FILLER },      { "as", DATE_WORD_FILLER },
	{ "a", DATE_WORD_FILLER },        { "st", DATE_WORD_FILLER },
	{ "nd", DATE_WORD_FILLER },       { "rd", DATE_WORD_FILLER },
	{ "th", DATE_WORD_FILLER },       { "er", DATE_WORD_FILLER },
	{ "of", DATE_WORD_FILLER },       { "the", DATE_WORD_FILLER },
	{ "etc", DATE_WORD_FILLER },      { "time", DATE_WORD_FILLER },
	{ "standard", DATE_WORD_FILLER }, { "el", DATE_WORD_FILLER },
	{ "il", DATE_WORD_FILLER },       { "και", DATE_WORD_FILLER },
	{ "στις", DATE_WORD_FILLER },     { "t", DATE_WORD_FILLER },
};

/* What nearly every date consists of, before the long tables. */
static const struct {
	struct str word;
	enum date_word kind;
	int value;
} usual[] = {
	{ STR("t"), DATE_WORD_FILLER, 0 },    { STR("z"), DATE_WORD_ZONE, 0 },
	{ STR("gmt"), DATE_WORD_ZONE, 0 },    { STR("utc"), DATE_WORD_ZONE, 0 },
	{ STR("mon"), DATE_WORD_WEEKDAY, 0 }, { STR("tue"), DATE_WORD_WEEKDAY, 0 },
	{ STR("wed"), DATE_WORD_WEEKDAY, 0 }, { STR("thu"), DATE_WORD_WEEKDAY, 0 },
	{ STR("fri"), DATE_WORD_WEEKDAY, 0 }, { STR("sat"), DATE_WORD_WEEKDAY, 0 },
	{ STR("sun"), DATE_WORD_WEEKDAY, 0 }, { STR("jan"), DATE_WORD_MONTH, 1 },
	{ STR("feb"), DATE_WORD_MONTH, 2 },   { STR("mar"), DATE_WORD_MONTH, 3 },
	{ STR("apr"), DATE_WORD_MONTH, 4 },   { STR("may"), DATE_WORD_MONTH, 5 },
	{ STR("jun"), DATE_WORD_MONTH, 6 },   { STR("jul"), DATE_WORD_MONTH, 7 },
	{ STR("aug"), DATE_WORD_MONTH, 8 },   { STR("sep"), DATE_WORD_MONTH, 9 },
	{ STR("oct"), DATE_WORD_MONTH, 10 },  { STR("nov"), DATE_WORD_MONTH, 11 },
	{ STR("dec"), DATE_WORD_MONTH, 12 },
};

/* Characters, not bytes: what a reader counts as the letters of an abbreviation. */
static size_t letters(struct str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++)
		n += ((unsigned char)s.ptr[i] & 0xC0) != 0x80;
	return n;
}

static bool month_of(struct str word, int *value)
{
	bool may_be_short = letters(word) >= 3;

	for (size_t i = 0; i < sizeof(odd_months) / sizeof(odd_months[0]); i++)
		if (odd_months[i].word[0] == word.ptr[0] &&
		    str_eq(word, str_of(odd_months[i].word))) {
			*value = odd_months[i].month;
			return true;
		}
	for (size_t i = 0; may_be_short && i < sizeof(months) / sizeof(months[0]); i++)
		for (int m = 0; m < 12; m++)
			/* The first byte spares most of the table the length of its words. */
			if (months[i][m][0] == word.ptr[0] &&
			    str_has_prefix(str_of(months[i][m]), word)) {
				*value = m + 1;
				return true;
			}
	return false;
}

static bool zone_of(struct str word, int zone_min, int *value)
{
	bool found = false;

	for (size_t i = 0; i < sizeof(zones) / sizeof(zones[0]); i++) {
		if (zones[i].name[0] != word.ptr[0] || !str_eq(word, str_of(zones[i].name)))
			continue;
		if (!found || zones[i].offset_min == zone_min)
			*value = zones[i].offset_min;
		found = true;
	}
	return found;
}

static bool weekday_of(struct str word)
{
	bool may_be_short = letters(word) >= 3;

	for (size_t i = 0; i < sizeof(weekdays) / sizeof(weekdays[0]); i++) {
		if (weekdays[i][0] != word.ptr[0])
			continue;
		struct str day = str_of(weekdays[i]);

		if (str_eq(word, day) || (may_be_short && str_has_prefix(day, word)))
			return true;
		/* "monday": the table has English in three letters */
		if (i < 7 && str_has_prefix(word, day) && str_has_suffix(word, S("day")))
			return true;
	}
	return false;
}

enum date_word date_word_of(struct str word, int zone_min, int *value)
{
	*value = 0;
	if (word.len == 0)
		return DATE_WORD_NONE;
	for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]); i++)
		if (str_eq(word, usual[i].word)) {
			*value = usual[i].value;
			return usual[i].kind;
		}
	if (month_of(word, value))
		return DATE_WORD_MONTH;
	if (zone_of(word, zone_min, value))
		return DATE_WORD_ZONE;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (others[i].word[0] == word.ptr[0] && str_eq(word, str_of(others[i].word)))
			return others[i].kind;
	if (weekday_of(word))
		return DATE_WORD_WEEKDAY;
	/* RFC 2822 4.3: the military letters were defined wrongly, so they say nothing; UTC. */
	if (word.len == 1 && word.ptr[0] >= 'a' && word.ptr[0] <= 'z' && word.ptr[0] != 'j')
		return DATE_WORD_ZONE;
	return DATE_WORD_NONE;
}
