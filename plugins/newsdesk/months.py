"""The names of the months in some 60 languages, for dates that a publisher's system wrote in its own.

Facts from the Unicode CLDR (wide and abbreviated, standing alone and within a date), lower-cased, without dots.
A word that means two months is in no list: `listopada` is November in Poland and October in Croatia, likewise
`listopad`, `lis`, `lip` and `srp`. Months of other calendars (Persian, Hebrew, Ethiopian) are not here either.
"""

from __future__ import annotations

import unicodedata

# One text a month, January first; `_` is a blank within a name.
_NAMES = (
    """
    january jan januar jänner jän janvier janv enero ene janeiro gennaio gen januari tammikuu tammikuuta tammi
    janúar jaanuar jaan janvāris sausis sausio saus styczeń stycznia sty leden ledna led január januára siječanj
    siječnja sij јануар јан јануари януари яну январь января янв січень січня січ студзень студзеня сту ianuarie
    ian ιανουάριοσ ιανουαρίου ιαν ocak oca yanvar yan қаңтар қаң januarie janar gener xaneiro xan urtarrila urt
    ionawr ion eanáir ean jannar जनवरी जन জানুয়ারী জানু ஜனவரி ஜன జనవరి జన ജനുവരി ജനു ಜನವರಿ ಜನ जानेवारी जाने
    જાન્યુઆરી જાન્યુ ਜਨਵਰੀ ਜਨ جنوری ජනවාරි ජන มกราคม มค ມັງກອນ ມກ មករា ဇန်နဝါရီ ဇန် იანვარი იან հունվար հունվարի
    հնվ ינואר ינו يناير كانون_الثاني ژانویه ژانویهٔ ጃንዋሪ ጃን
    """,
    """
    february feb februar février févr febrero fevereiro fev febbraio februari helmikuu helmikuuta helmi febrúar
    veebruar veebr februāris febr vasaris vasario vas luty lutego lut únor února úno február februára veljača
    veljače velj фебруар феб февруари фев февраль февраля февр лютий лютого лют люты лютага februarie
    φεβρουάριοσ φεβρουαρίου φεβ şubat şub fevral ақпан ақп pebrero peb shkurt shk febrer febreiro otsaila ots
    chwefror chw chwef feabhra feabh frar fra फ़रवरी फ़र ফেব্রুয়ারী ফেব பிப்ரவரி பிப் ఫిబ్రవరి ఫిబ్ర ഫെബ്രുവരി
    ഫെബ്രു ಫೆಬ್ರವರಿ ಫೆಬ್ರ फेब्रुवारी फेब्रु ફેબ્રુઆરી ફેબ્રુ ਫ਼ਰਵਰੀ ਫ਼ਰ فروری फेब्रुअरी පෙබරවාරි පෙබ กุมภาพันธ์
    กพ ກຸມພາ ກພ កុម្ភៈ ဖေဖော်ဝါရီ ဖေ თებერვალი თებ փետրվար փետրվարի փտվ פברואר פבר فبراير شباط فوریه فوریهٔ
    ፌብሩዋሪ ፌብ feber pebruari
    """,
    """
    march mar märz mär mars marzo março maart mrt marts maaliskuu maaliskuuta maalis märts kovas kovo kov marzec
    marca březen března bře marec ožujak ožujka ožu март мар mart марта березень березня бер сакавік сакавіка
    сак martie március márc μάρτιοσ μαρτίου μάρ μαρ наурыз нау maret mac marso machi març martxoa mawrth maw
    márta marzu मार्च মার্চ மார்ச் மார் మార్చి മാർച്ച് മാർ ಮಾರ್ಚ್ માર્ચ ਮਾਰਚ مارچ මාර්තු මාර් มีนาคม มีค ມີນາ ມນ
    មីនា မတ် მარტი მარ մարտ մարտի մրտ מרץ مارس آذار ማርች mrz
    """,
    """
    april apr avril avr abril abr aprile huhtikuu huhtikuuta huhti apríl aprill aprīlis balandis balandžio bal
    kwiecień kwietnia kwi duben dubna dub apríla travanj travnja tra април апр апрель апреля квітень квітня квіт
    красавік красавіка кра aprilie április ápr απρίλιοσ απριλίου απρ nisan nis aprel сәуір сәу aprili prill pri
    apirila api ebrill ebr aibreán aib अप्रैल এপ্রিল এপ্রি ஏப்ரல் ஏப் ఏప్రిల్ ఏప్రి ഏപ്രിൽ ഏപ്രി ಏಪ್ರಿಲ್ ಏಪ್ರಿ
    एप्रिल एप्रि એપ્રિલ ਅਪ੍ਰੈਲ ਅਪ੍ਰੈ اپریل अप्रिल අප්‍රේල් เมษายน เมย ເມສາ ມສ មេសា ဧပြီ აპრილი აპრ ապրիլ ապրիլի
    ապր אפריל אפר أبريل نيسان آوریل ኤፕሪል ኤፕሪ
    """,
    """
    may mai mayo maio maggio mag mei maj toukokuu toukokuuta touko maí maijs gegužė gegužės geg maja květen
    května kvě máj mája svibanj svibnja svi мај май мая травень травня трав május μάιοσ μαΐου μάι μαΐ mayıs
    мамыр мам maig maiatza bealtaine beal mejju mej मई মে மே మే മേയ് ಮೇ मे મે ਮਈ مئی මැයි พฤษภาคม พค ພຶດສະພາ ພພ
    ឧសភា မေ მაისი მაი մայիս մայիսի մյս מאי مايو أيار ماي مه مهٔ ሜይ
    """,
    """
    june jun juni juin junio junho giugno giu kesäkuu kesäkuuta kesä júní jún juuni jūnijs jūn birželis birželio
    birž czerwiec czerwca cze červen června čvn júna junij lipanj lipnja јун јуни юни июнь июня июн червень
    червня черв чэрвень чэрвеня чэр iunie iun június ιούνιοσ ιουνίου ιούν ιουν haziran haz iyun iyn маусым мау
    hunyo hun junie qershor qer juny xuño ekaina eka mehefin meh meitheamh meith ġunju ġun जून জুন ஜூன் జూన్ ജൂൺ
    ಜೂನ್ જૂન ਜੂਨ جون जुन ජූනි มิถุนายน มิย ມິຖຸນາ ມິຖ មិថុនា ဇွန် ივნისი ივნ հունիս հունիսի հնս יוני يونيو
    حزيران ژوئن ጁን
    """,
    """
    july jul juli juillet juil julio julho luglio lug heinäkuu heinäkuuta heinä júlí júl juuli jūlijs jūl liepa
    liepos liep lipiec lipca červenec července čvc júla julij srpanj srpnja јул јули юли июль июля июл липень
    липня лип ліпень ліпеня ліп iulie iul július ιούλιοσ ιουλίου ιούλ ιουλ temmuz tem iyul iyl шілде шіл julai
    hulyo hul julie korrik korr juliol xullo xul uztaila uzt gorffennaf gor gorff iúil lulju lul जुलाई जुल জুলাই
    জুল ஜூலை జులై ജൂലൈ ಜುಲೈ जुलै જુલાઈ ਜੁਲਾਈ ਜੁਲਾ جولائی ජූලි กรกฎาคม กค ກໍລະກົດ ກລ កក្កដា ဇူလိုင် ဇူ ივლისი ივლ
    հուլիս հուլիսի հլս יולי يوليو تموز يوليوز ژوئیه ژوئیهٔ ጁላይ
    """,
    """
    august aug août agosto ago augustus augusti elokuu elokuuta elo ágúst ágú augusts rugpjūtis rugpjūčio rugp
    sierpień sierpnia sie srpen srpna augusta avgust avg kolovoz kolovoza kol август авг августа серпень серпня
    серп жнівень жніўня жні augusztus αύγουστοσ αυγούστου αύγ αυγ ağustos ağu avqust avq тамыз там agustus agu
    ogos ogo agosti gusht gush agost ag abuztua abu awst lúnasa lún awwissu aww अगस्त अग আগস্ট আগ ஆகஸ்ட் ஆக
    ఆగస్టు ఆగ ഓഗസ്റ്റ് ഓഗ ಆಗಸ್ಟ್ ಆಗ ऑगस्ट ऑग ઑગસ્ટ ਅਗਸਤ ਅਗ اگست अगस्ट අගෝස්තු අගෝ สิงหาคม สค ສິງຫາ ສຫ សីហា ဩဂုတ်
    აგვისტო აგვ օգոստոս օգոստոսի օգս אוגוסט אוג أغسطس آب غشت اوت ኦገስት ኦገስ agt ags agust
    """,
    """
    september sep sept septembre septiembre setembro set settembre syyskuu syyskuuta syys septembris rugsėjis
    rugsėjo rugs wrzesień września wrz září zář septembra rujan rujna ruj септембар сеп septembar септември
    сентябрь сентября сент вересень вересня вер верасень верасня septembrie szeptember szept σεπτέμβριοσ
    σεπτεμβρίου σεπ eylül eyl sentyabr sen қыркүйек қыр sentabr setyembre septemba shtator sht setembre iraila
    ira medi meán_fómhair mfómh settembru सितंबर सित সেপ্টেম্বর সেপ செப்டம்பர் செப் సెప్టెంబర్ సెప్టెం
    സെപ്റ്റംബർ സെപ്റ്റം ಸೆಪ್ಟೆಂಬರ್ ಸೆಪ್ಟೆಂ सप्टेंबर सप्टें સપ્ટેમ્બર સપ્ટે ਸਤੰਬਰ ਸਤੰ ستمبر सेप्टेम्बर
    සැප්තැම්බර් සැප් กันยายน กย ກັນຍາ ກຍ កញ្ញា စက်တင်ဘာ စက် სექტემბერი სექ սեպտեմբեր սեպտեմբերի սեպ ספטמבר ספט
    سبتمبر أيلول شتنبر سپتامبر ሴፕቴምበር ሴፕቴ setiembre sett сен
    """,
    """
    october oct oktober okt octobre octubre outubro out ottobre ott lokakuu lokakuuta loka október oktoober
    oktobris spalis spalio spal październik października paź říjen října říj októbra октобар окт oktobar
    октомври октябрь октября жовтень жовтня жовт кастрычнік кастрычніка кас octombrie οκτώβριοσ οκτωβρίου οκτ
    ekim eki oktyabr қазан қаз oktabr oktubre oktoba tetor tet urria urr hydref hyd deireadh_fómhair dfómh
    ottubru अक्टूबर अक्टू অক্টোবর অক্টো அக்டோபர் அக் అక్టోబర్ అక్టో ഒക്‌ടോബർ ഒക്ടോ ಅಕ್ಟೋಬರ್ ಅಕ್ಟೋ ऑक्टोबर ऑक्टो
    ઑક્ટોબર ઑક્ટો ਅਕਤੂਬਰ ਅਕਤੂ اکتوبر अक्टोबर ඔක්තෝබර් ඔක් ตุลาคม ตค ຕຸລາ ຕລ តុលា အောက်တိုဘာ အောက် ოქტომბერი ოქტ
    հոկտեմբեր հոկտեմբերի հոկ אוקטובר אוק أكتوبر تشرين_الأول اکتبر ኦክቶበር ኦክቶ
    """,
    """
    november nov novembre noviembre novembro marraskuu marraskuuta marras nóvember nóv novembris lapkritis
    lapkričio lapkr listopadu novembra studeni studenoga stu новембар нов novembar ноември ное ноябрь ноября
    нояб листопад листопада лист лістапад лістапада ліс noiembrie νοέμβριοσ νοεμβρίου νοέ νοε kasım kas noyabr
    noy қараша қар nobyembre nob novemba nëntor nën azaroa aza tachwedd tach samhain samh novembru नवंबर नव
    নভেম্বর নভে நவம்பர் நவ నవంబర్ నవం നവംബർ നവം ನವೆಂಬರ್ ನವೆಂ नोव्हेंबर नोव्हें નવેમ્બર નવે ਨਵੰਬਰ ਨਵੰ نومبر
    नोभेम्बर නොවැම්බර් නොවැ พฤศจิกายน พย ພະຈິກ ພຈ វិច្ឆិកា နိုဝင်ဘာ နို ნოემბერი ნოე նոյեմբեր նոյեմբերի նոյ
    נובמבר נוב نوفمبر تشرين_الثاني نونبر نوامبر ኖቬምበር ኖቬም nop nopember ноя
    """,
    """
    december dec dezember dez décembre déc diciembre dic dezembro dicembre desember des joulukuu joulukuuta
    joulu detsember dets decembris gruodis gruodžio gruod grudzień grudnia gru prosinec prosince pro decembra
    prosinac prosinca децембар дец decembar декември дек декабрь декабря грудень грудня груд снежань снежня сне
    decembrie δεκέμβριοσ δεκεμβρίου δεκ aralık ara dekabr dek желтоқсан жел disember dis disyembre desemba
    dhjetor dhj desembre decembro abendua abe rhagfyr rhag nollaig noll diċembru diċ दिसंबर दिस ডিসেম্বর ডিসে
    டிசம்பர் டிச డిసెంబర్ డిసెం ഡിസംബർ ഡിസം ಡಿಸೆಂಬರ್ ಡಿಸೆಂ डिसेंबर डिसें ડિસેમ્બર ડિસે ਦਸੰਬਰ ਦਸੰ دسمبر डिसेम्बर
    දෙසැම්බර් දෙසැ ธันวาคม ธค ທັນວາ ທວ ធ្នូ ဒီဇင်ဘာ ဒီ დეკემბერი დეკ դեկտեմբեր դեկտեմբերի դեկ דצמבר דצמ ديسمبر
    كانون_الأول دجنبر دسامبر ዲሴምበር ዲሴም
    """,
)


def normal(word: str) -> str:
    """`word` as the table has it: lower case, composed, the Turkish dot folded."""
    return unicodedata.normalize("NFC", word.casefold().replace("i\u0307", "i"))


def _without_accents(word: str) -> str:
    """`fevrier` for `février`; only of Latin and Greek, where people leave accents out."""
    if not all(unicodedata.name(letter, "").startswith(("LATIN", "GREEK")) for letter in word):
        return word
    return "".join(part for part in unicodedata.normalize("NFD", word) if not unicodedata.combining(part))


def _table() -> dict[str, int]:
    written = {name.replace("_", " "): number for number, names in enumerate(_NAMES, 1) for name in names.split()}
    bare = {_without_accents(name): number for name, number in written.items()}
    return bare | written


MONTHS = _table()  # normal(word) or two words with a blank -> 1..12
