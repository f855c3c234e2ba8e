// Who was sanctioned before taking the post now held? Now is the article's day.
g.V(verb.sanctioned).in("<rdf:type>").has("<dip:standing>", "<dip:asserted>", "<dip:disputed>")
  .save("<dip:to>", "sanctioned by then").out("<dip:recipient>").tag("who")
  .in("<dip:actor>").has("<rdf:type>", verb.holdsPost).has("<dip:standing>", "<dip:asserted>", "<dip:disputed>").has("<dip:to>", gte(date("2023-07-13")))
  .save("<dip:from>", "took the post").save("<dip:recipient>", "post")
  .out("<dip:evidence>").save("<dip:stance>", "stance").save("<dip:source>", "source").saveOpt("<dip:note>", "note")
  .forEach(function (d) {
    if (d["sanctioned by then"] < d["took the post"]) g.emit(d)
  })
