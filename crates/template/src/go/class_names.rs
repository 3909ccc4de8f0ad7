//! The names that Go's regular expressions know after `\\p`. Generated; facts, not code.

/// In canonical spelling: a capital, then small letters only; sorted.
#[rustfmt::skip]
pub(super) static CLASS_NAMES: [&str; 200] = [
    "Adlam", "Ahom", "Any", "Arabic", "Armenian", "Ascii", "Assigned", "Avestan", "Balinese", "Bamum",
    "Batak", "Bengali", "Bhaiksuki", "Bopomofo", "Brahmi", "Braille", "Buginese", "Buhid", "C", "Carian",
    "Casedletter", "Cc", "Cf", "Chakma", "Cham", "Cherokee", "Chorasmian", "Closepunctuation", "Cn",
    "Cntrl", "Co", "Combiningmark", "Common", "Connectorpunctuation", "Control", "Coptic", "Cs",
    "Cuneiform", "Currencysymbol", "Cypriot", "Cyrillic", "Dashpunctuation", "Decimalnumber", "Deseret",
    "Devanagari", "Digit", "Dogra", "Duployan", "Elbasan", "Elymaic", "Enclosingmark", "Ethiopic",
    "Finalpunctuation", "Format", "Georgian", "Glagolitic", "Gothic", "Grantha", "Greek", "Gujarati",
    "Gurmukhi", "Han", "Hangul", "Hanunoo", "Hatran", "Hebrew", "Hiragana", "Inherited",
    "Initialpunctuation", "Javanese", "Kaithi", "Kannada", "Katakana", "Kawi", "Kharoshthi", "Khmer",
    "Khojki", "Khudawadi", "L", "Lao", "Latin", "Lc", "Lepcha", "Letter", "Letternumber", "Limbu",
    "Lineseparator", "Lisu", "Ll", "Lm", "Lo", "Lowercaseletter", "Lt", "Lu", "Lycian", "Lydian", "M",
    "Mahajani", "Makasar", "Malayalam", "Mandaic", "Manichaean", "Marchen", "Mark", "Mathsymbol", "Mc",
    "Me", "Medefaidrin", "Miao", "Mn", "Modi", "Modifierletter", "Modifiersymbol", "Mongolian", "Mro",
    "Multani", "Myanmar", "N", "Nabataean", "Nandinagari", "Nd", "Newa", "Nko", "Nl", "No",
    "Nonspacingmark", "Number", "Nushu", "Ogham", "Openpunctuation", "Oriya", "Osage", "Osmanya", "Other",
    "Otherletter", "Othernumber", "Otherpunctuation", "Othersymbol", "P", "Palmyrene", "Paragraphseparator",
    "Pc", "Pd", "Pe", "Pf", "Phoenician", "Pi", "Po", "Privateuse", "Ps", "Punct", "Punctuation", "Rejang",
    "Runic", "S", "Samaritan", "Saurashtra", "Sc", "Separator", "Sharada", "Shavian", "Siddham", "Sinhala",
    "Sk", "Sm", "So", "Sogdian", "Soyombo", "Spaceseparator", "Spacingmark", "Sundanese", "Surrogate",
    "Symbol", "Syriac", "Tagalog", "Tagbanwa", "Takri", "Tamil", "Tangsa", "Tangut", "Telugu", "Thaana",
    "Thai", "Tibetan", "Tifinagh", "Tirhuta", "Titlecaseletter", "Toto", "Ugaritic", "Unassigned",
    "Uppercaseletter", "Vai", "Vithkuqi", "Wancho", "Yezidi", "Yi", "Z", "Zl", "Zp", "Zs",
];
