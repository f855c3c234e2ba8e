package dossier

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/json"
	"html/template"
	"io"
	"strings"

	"github.com/entente-kg/entente/graph/render"
	"github.com/entente-kg/entente/schema"
)

//go:embed page
var files embed.FS

// documentParts are the parts of the page that are not escaped: our own style and
// scripts, and the data, which EscapeJSON has escaped.
type documentParts struct {
	style         string
	early, script string
	data          []byte
}

// Style and the methods below are what the template writes as it is.
func (p *page) Style() template.CSS { return template.CSS(p.document.style) }
func (p *page) Early() template.JS  { return template.JS(p.document.early) }
func (p *page) Script() template.JS { return template.JS(p.document.script) }
func (p *page) Data() template.JS   { return template.JS(p.document.data) }

// factData is a fact in the data of the page: the JSON of the commands, its number in
// the page, and its first and last possible day.
type factData struct {
	*render.Fact
	Number int    `json:"number"`
	Dated  bool   `json:"dated"`
	First  string `json:"first-day,omitempty"`
	Last   string `json:"last-day,omitempty"`
}

// entityData is an entity in the data of the page.
type entityData struct {
	render.Entity
	Anchor string `json:"anchor"`
	Facts  int    `json:"facts"`
}

// pageData is the data of the page, in JSON.
type pageData struct {
	Facts     []factData             `json:"facts"`
	Outside   []factData             `json:"other-facts"` // that date terms of office
	Entities  []entityData           `json:"entities"`
	Documents []render.Document      `json:"documents"`
	Posts     []postData             `json:"posts"`
	Groups    map[schema.Verb]string `json:"groups"`
	Receipt   receiptView            `json:"receipt"`
}

// postData is a post and its terms. The facts of a term are ids.
type postData struct {
	Post  render.Ref `json:"post"`
	Terms []termData `json:"terms"`
}

type termData struct {
	Of       render.Ref      `json:"of"`
	When     render.When     `json:"when"`
	Standing schema.Standing `json:"standing"`
	Derived  bool            `json:"derived,omitempty"`
	Facts    []schema.ID     `json:"facts"`
}

// addData adds the data, the style, the scripts and the content security policy.
func (p *page) addData(c *collector, facts []*factView) error {
	data := pageData{Facts: []factData{}, Outside: []factData{}, Groups: map[schema.Verb]string{}, Receipt: p.Receipt}
	for _, f := range facts {
		data.Facts = append(data.Facts, f.data())
		if group := c.group(f.fact.Verb); group != "" {
			data.Groups[f.fact.Verb] = group
		}
	}
	for _, f := range p.Outside {
		data.Outside = append(data.Outside, f.data())
	}
	for _, k := range p.Kinds {
		for _, e := range k.Entities {
			data.Entities = append(data.Entities, entityData{e.json, e.Anchor, e.Facts})
		}
	}
	for _, s := range p.Sources {
		data.Documents = append(data.Documents, s.json)
	}
	for _, post := range p.Posts {
		data.Posts = append(data.Posts, post.data())
	}
	text, err := json.Marshal(data)
	if err != nil {
		return err
	}
	p.document.data = EscapeJSON(text)
	return p.addFiles()
}

func (f *factView) data() factData {
	return factData{Fact: f.fact, Number: f.Number, Dated: f.dated(), First: f.days.From, Last: f.days.To}
}

func (p *postView) data() postData {
	d := postData{Post: p.history.Post}
	for _, t := range p.history.Holders {
		term := termData{Of: t.Of, When: t.When, Standing: t.Standing, Derived: t.Derived, Facts: []schema.ID{}}
		for _, f := range t.Facts {
			term.Facts = append(term.Facts, f.ID)
		}
		d.Terms = append(d.Terms, term)
	}
	return d
}

// scripts are the files of the script, in order.
func scripts() []string {
	return []string{"index.js", "filter.js", "panel.js", "drawing.js", "start.js"}
}

// addFiles reads the style and the scripts, and makes the policy that allows nothing
// else.
func (p *page) addFiles() error {
	read := func(name string) string {
		text, err := files.ReadFile("page/" + name)
		if err != nil {
			panic(err) // the file is part of the program
		}
		return string(text)
	}
	p.document.style, p.document.early = "\n"+read("style.css")+darkStyle(p.Drawings), read("early.js")
	var b strings.Builder
	b.WriteString("\n\"use strict\";\n(() => {\n")
	for _, name := range scripts() {
		b.WriteString(read(name))
	}
	b.WriteString("})();\n")
	p.document.script = b.String()
	p.Policy = "default-src 'none'; script-src " + sourceHash(p.document.early) + " " + sourceHash(p.document.script) +
		"; style-src " + sourceHash(p.document.style) + "; img-src data:; base-uri 'none'; form-action 'none'"
	return nil
}

// sourceHash returns the hash by which a policy allows an inline text.
func sourceHash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// write writes the page. No control character or character that changes the direction of
// writing is in it, besides line breaks and tabs.
func (p *page) write(w io.Writer) error {
	t, err := template.New("page.html").Funcs(template.FuncMap{"thousands": thousands}).ParseFS(files, "page/*.html")
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := t.Execute(&b, p); err != nil {
		return err
	}
	_, err = w.Write(bytes.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && render.SteersTerminal(r) {
			return -1
		}
		return r
	}, b.Bytes()))
	return err
}
