package match

import (
	"strings"
	"sync"
)

// honorifics are titles before a person's name that are no part of it.
var honorifics = wordSet(`mr mrs dr ms miss mme mlle prof professor sir dame lord lady president general gen colonel col major maj captain capt
	lieutenant lt sgt admiral adm ambassador amb senator representative minister premier chancellor governor gov judge justice
	hon honorable honourable right excellency hrh hm majesty king queen prince princess sultan emir sheikh shaikh shaykh sheik haji hajji hadji haj
	ayatollah hojatoleslam imam mullah maulana mawlana sayyid syed sayed pope saint rev reverend father bishop archbishop cardinal rabbi patriarch metropolitan
	herr frau senor senora monsieur madame signor comrade marshal the
	господин генерал президент министр доктор профессор السيد سيد الدكتور الشيخ الرئيس الملك الأمير الحاج آیت κυριος shri sri smt shrimati श्री श्रीमती डॉ`)

// postnominals are degrees and honours after a person's name.
var postnominals = wordSet(`phd md jd llm obe cbe kbe mp esq dphil mba mbe ret`)

// hanTitles are titles that end or begin names in Han characters or Hangul.
var hanTitles = []string{"总统", "主席", "总理", "部长", "先生", "女士", "博士", "教授", "大使", "将军", "首相", "大統領", "外相", "氏", "さん", "様", "씨", "대통령", "장관", "님"}

// particles are words of names that many spellings leave out.
var particles = wordSet(`al el ul ad as ash an ar at de del della di da do dos das du des la le les lo van der den von zu zum zur ter ten te af av
	bin ibn ben bint binti ould ibnu oglu ogly uulu qizi ap y e und i the of аль эль фон де дер ван оглы`)

// generations are suffixes that tell father and son, or rulers of one name, apart.
var generations = map[string]string{"jr": "Jr", "junior": "Jr", "jnr": "Jr", "filho": "Jr", "fils": "Jr", "hijo": "Jr", "младший": "Jr", "мл": "Jr",
	"sr": "Sr", "senior": "Sr", "snr": "Sr", "pere": "Sr", "старший": "Sr", "ii": "II", "iii": "III", "iv": "IV", "vi": "VI", "vii": "VII",
	"viii": "VIII", "ix": "IX", "xi": "XI", "xii": "XII", "xiii": "XIII", "xiv": "XIV", "xv": "XV", "xvi": "XVI", "xxiii": "XXIII",
	"2nd": "II", "3rd": "III", "4th": "IV", "5th": "V", "1st": "I"}

// sameNames are given names that are one name in two spellings or languages that sound
// differently, and short forms. Each line is one name.
var sameNames = groups(`
	william bill will billy liam willie
	robert bob rob bobby robbie bert
	richard dick rick rich richie
	james jim jimmy jamie
	john jack johnny jon
	joseph joe joey jose
	thomas tom tommy
	michael mike mick mickey
	charles charlie chuck charley
	edward ed eddie ted ned teddy
	anthony tony antony antonio
	elizabeth liz beth betty eliza bess lizzie lisa elisabeth
	katherine kate kathy katie cathy catherine kathryn
	margaret peggy maggie meg greta
	theodore ted teddy theo
	benjamin ben benny
	samuel sam sammy
	daniel dan danny
	david dave davey
	donald don donnie
	ronald ron ronnie
	kenneth ken kenny
	stephen steve steven stefan stephane
	andrew andy drew
	christopher chris kit
	matthew matt
	nicholas nick nicolas nicola nikolaos nikos
	gregory greg
	jeffrey jeff geoffrey geoff
	lawrence larry laurence
	patrick pat paddy
	peter pete pyotr petro
	philip phil
	raymond ray
	timothy tim
	vincent vince
	walter walt
	zachary zach zack
	alexander alex aleksandr oleksandr alexandre alejandro sasha aliaksandr olexandr iskander alec aleksander aleksandar
	alexandra sasha aleksandra oleksandra
	alexei aleksey oleksii alexey oleksiy alaksiej alyosha aliaksei
	mikhail mykhailo misha michail mihail mikhailo
	nikolai mykola nikolay kolya mikalai nikolaj
	vladimir volodymyr vova volodya uladzimir wladimir vladimer
	dmitry dmytro dima dmitri dzmitry dmitriy dimitri
	sergei serhii sergey serhiy siarhei seryozha
	andrei andrii andrey andriy
	evgeny yevhen evgenii yevgeny zhenya yevhenii
	igor ihor
	oleg oleh aleh
	pavel pavlo pasha
	yuri yurii iurii juri yuriy georgy
	ivan vanya
	konstantin kostyantyn kostya
	vasily vasyl vasili vasil vasiliy
	viktor viktar victor
	vitaly vitalii vitali
	anatoly anatolii anatol
	gennady hennadii gennadi
	grigory hryhorii grigori
	artem artyom
	kirill kyrylo
	leonid lyonya
	maxim maksim maksym
	yulia iuliia yuliya julia
	tatiana tetiana tatyana tanya
	elena olena yelena lena helena
	natalia nataliya natasha natalya
	olga olha
	svetlana svitlana sviatlana
	irina iryna ira
	ekaterina kateryna yekaterina katya
	anna hanna hanna anya ganna
	maria mariya mariia masha
	francisco paco pancho
	jose pepe
	ignacio nacho
	guillermo memo
	jesus chuy
	georgios george giorgos yiorgos
	konstantinos kostas costas constantine
	ioannis giannis yannis
	dimitrios dimitris
	panagiotis panos
	athanasios thanasis
	evangelos vangelis
	alexandros alexis alekos
	binyamin benjamin benyamin bibi
	yitzhak isaac itzhak yitzchak
	moshe moses
	avraham abraham avi
	yaakov jacob yakov
	shlomo solomon
	yosef joseph
	mohammed muhammad mohamed mohammad muhammed mohamad mehmet mohd mahomed
	ahmed ahmad ahmet
	hussein hussain husayn hossein hussien
	yusuf youssef yousef joseph
	ibrahim ebrahim
	osman uthman othman
	omar umar omer
	sebastian sebastien
	stanislav stanislaw
	wojciech
	lajos louis
	istvan stephen
	janos john
	gyorgy george
	jozsef joseph
	ferenc francis
	sandor alexander
	laszlo ladislaus
	miklos nicholas
	karoly charles
	viktor victor
`)

// groups returns a function that makes, at its first use, a list of groups for each sound
// key of a name in lines: the numbers of the lines.
func groups(lines string) func() map[string][]int {
	return sync.OnceValue(func() map[string][]int {
		all := map[string][]int{}
		for i, line := range strings.Split(lines, "\n") {
			for _, name := range strings.Fields(line) {
				key := soundKey(name)
				all[key] = append(all[key], i)
			}
		}
		return all
	})
}

// sameGivenName reports whether two sound keys are one given name.
func sameGivenName(a, b string) bool {
	for _, x := range sameNames()[a] {
		for _, y := range sameNames()[b] {
			if x == y {
				return true
			}
		}
	}
	return false
}

// patronymicEnds are endings of patronymics and of words for son and daughter.
var patronymicEnds = []string{"ovich", "evich", "ovna", "evna", "ichna", "yich", "ovych", "evych", "ivna", "yovych", "avich", "owicz", "oglu", "ogly", "ovic", "evic", "ovitch", "evitch", "ovitj", "evitj"}

func isPatronymic(word string) bool {
	for _, end := range patronymicEnds {
		if strings.HasSuffix(word, end) && len(word) > len(end)+2 {
			return true
		}
	}
	return false
}
