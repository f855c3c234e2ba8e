package match

import (
	"strings"
	"sync"
)

// legalForms are the legal forms of companies: a kind and its spellings, folded. Longer
// spellings come first where one begins with another.
const legalForms = `llc: limited liability company|obshchestvo s ogranichennoy otvetstvennostyu|общество с ограниченной ответственностью|товариство з обмеженою відповідальністю|таварыства з абмежаванай адказнасцю|gesellschaft mit beschrankter haftung|sociedad de responsabilidad limitada|societe a responsabilite limitee|sp z o o|spolka z ograniczona odpowiedzialnoscia|spolecnost s rucenim omezenym|societatea cu raspundere limitata|societate cu raspundere limitata|дружество с ограничена отговорност|druzba z omejeno odgovornostjo|an chuideachta theoranta|εταιρια περιορισμενης ευθυνης|d o o|s r o|s r l|l l c|gesmbh|gmbh|mbh|llc|ooo|ооо|тоо|too|тов|sarl|srl|sprl|bvba|kft|ltda|doo|sro|eood|ood|rab|uab|osauhing|ou|sia|有限责任公司|有限責任公司|有限公司
jsc: open joint stock company|public joint stock company|closed joint stock company|private joint stock company|joint stock company|публичное акционерное общество|открытое акционерное общество|закрытое акционерное общество|акционерное общество|акціонерне товариство|aktiengesellschaft|sociedad anonima|societe anonyme|societa per azioni|sociedade anonima|spolka akcyjna|anonim sirketi|public limited company|pjsc|ojsc|cjsc|jsc|пао|оао|зао|ао|пат|oao|pao|zao|s p a|spa|s a|sa|ag|plc|nv|n v|a s|asa|oyj|oy|ab|as|a g|sae|股份有限公司|株式会社|주식회사|kabushiki kaisha|kk
ltd: private limited company|private limited|pvt ltd|pte ltd|co ltd|limited company|limited|ltd|pty|bv|b v|ltee
inc: incorporated|corporation|company|inc|corp|co|компания|корпорация|公司`

// legalForm is a spelling of a legal form, as words.
type legalForm struct {
	words []string
	form  string
}

// forms returns the legal forms, the longest first, by their first word.
var forms = sync.OnceValue(func() map[string][]legalForm {
	all := map[string][]legalForm{}
	for line := range strings.SplitSeq(legalForms, "\n") {
		kind, list, _ := strings.Cut(line, ": ")
		for spelling := range strings.SplitSeq(list, "|") {
			w := words(spelling)
			all[w[0]] = append(all[w[0]], legalForm{w, kind})
		}
	}
	return all
})

// concepts are words of names of organizations and posts that are one word in several
// languages. The first word of a line is the one for which the others stand.
var concepts = sync.OnceValue(func() map[string]string {
	all := map[string]string{}
	for line := range strings.Lines(conceptLines) {
		w := strings.Fields(line)
		for _, word := range w {
			all[strings.Join(words(word), "")] = w[0]
		}
	}
	return all
})

const conceptLines = `ministry ministere ministerio ministerium ministero ministerie ministerstwo ministerstvo министерство міністерство وزارة yiwizara bakanligi υπουργειο wizarat misrad
minister ministre ministro ministra министр міністр وزير bakani υπουργος 部长 部長 大臣
foreign exterior exteriores etrangeres auswartiges auswartigen esteri иностранных закордонних الخارجية disisleri zagranicznych εξωτερικων external
affairs affaires asuntos angelegenheiten affari дел справ
defence defense defensa difesa verteidigung обороны оборони الدفاع savunma obrony αμυνας
interior internal inneres innern interieur внутренних الداخلية icisleri
finance finances finanzas finanzen finanze финансов المالية maliye
bank banque banco banca банк بنك مصرف bankasi τραπεζα 银行 銀行
central centrale zentral zentralbank центральный المركزي merkez
national nationale nacional nazionale национальный национального narodowy الوطني الوطنية ulusal milli εθνικη εθνικο
university universite universidad universidade universitat universita университет جامعة universitesi uniwersytet πανεπιστημιο 大学 大學
institute institut instituto istituto институт معهد
party partei parti partido partito партия حزب partisi κομμα 党 黨
union unione verband союз اتحاد birligi ενωση
republic republique republica repubblica republik республика جمهورية cumhuriyeti δημοκρατια
people peoples people's populaire popular народная народной الشعبية narodnaya
democratic democratique democratica демократическая الديمقراطية
committee comite comitato komitee комитет لجنة komitesi επιτροπη 委员会 委員會
commission comision kommission комиссия komisyonu
council conseil consejo rat consiglio совет مجلس konseyi συμβουλιο
federal federale föderale федеральная федеральный федеральной
state etat estado staat stato государственный государственная
security securite seguridad sicherheit sicurezza безопасности الأمن guvenlik
service services servicio dienst служба servizio
agency agence agencia agentur agenzia агентство وكالة ajansi
organization organisation organizacion organizzazione организация منظمة orgutu οργανισμος
international internationale internacional internazionale международная международный международной الدولية uluslararasi διεθνης
world mondiale mundial welt всемирная العالمية dunya
health sante salud gesundheit здравоохранения الصحة saglik
trade commerce comercio handel торговли التجارة ticaret
group groupe grupo gruppe группа مجموعة grubu
army armee ejercito esercito армия الجيش
embassy ambassade embajada botschaft ambasciata посольство سفارة elciligi πρεσβεια 大使馆 大使館
ambassador ambassadeur embajador botschafter ambasciatore посол سفير
president prasident presidente президент رئيس 总统 大統領
secretary secretaire secretario sekretar секретарь
general general генеральный generale
deputy vice stellvertretender заместитель adjoint نائب
parliament parlement parlamento parlament парламент برلمان
court cour corte tribunal gericht суд محكمة
company compagnie compania compagnia компания شركة
oil petrole petroleo neft нефть
gas gaz газ
research recherche investigacion forschung исследований
development developpement desarrollo entwicklung развития
european europeenne europea europaische европейский европейская
saint st sankt san santa
nations naciones nationen наций
united unies unidas vereinte объединенных المتحدة
`

// generic are words that many organizations have in their names. They count half.
var generic = wordSet(`ministry minister foreign affairs defence interior finance bank central national university institute party union republic people democratic
	committee commission council federal state security service agency organization international world health trade group army embassy ambassador president
	secretary general parliament court company european nations united office department bureau center centre association foundation federation society
	industries industrial holding holdings trading technology technologies systems solutions international global school college board authority administration chairman director chief head`)

// glue are words of names of organizations that do not count.
var glue = wordSet(`the of and for in on at to a de la le les du des el los las y e et und der die das des fur von del della di do da dos das van het een en och av
	и в по на для им з та і i & s d l`)

// telling are words that make another post or office of the same words.
var telling = wordSet(`deputy vice assistant under acting former ex first second third fourth fifth north south east west northern southern eastern western new old upper lower
	junior senior honorary youth women men shadow`)
