// Who met whom, in steps.
g.V("<person:xie-feng>").
  out("<dip:met>").
  all()
entity("Xie Feng")
entity("Xie Feng").out(verb.met)
g.V("<person:ely-ratner>",
    "<person:xie-feng>").save("<rdfs:label>", "name").
  has("<dip:from>",
      gte(date("2023-07-01")),
      lt(date("2024-01-01"))
  ).all()

g.V().tag('a').in([
  "<dip:met>",
  "<dip:called>", // and by telephone
]).forEach(function (row) {
  if (row.a === "x") { // a comment with ( in it
    g.emit({id: row.id, "the name": row["name"], list: [1, 2, 3]});
  } else {
    g.emit({})
  }
})

const seen = {};
let total = 0, text = `a template
over ${"lines" + `and ${ {a: 1}.a } within`} of
all (kinds`;
for (const row of g.V("<dip:met>").in("<rdf:type>").tagArray()) {
  seen[row.id] = (seen[row.id] || 0) + 1;
  total++;
}
/* A comment
   that goes ( on
*/ total
g.emit(total / 2 / 3)
var late = total /
  2
