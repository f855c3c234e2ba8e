// Who refused whom what, and in answer to what?
g.V(verb.refused, verb.refusedToMeet).in("<rdf:type>").has("<dip:standing>", "<dip:asserted>", "<dip:disputed>")
  .save("<dip:actor>", "who").save("<dip:recipient>", "whom").saveOpt("<dip:topic>", "what").saveOpt("<dip:when>", "when")
  .out("<dip:answers>").save("<rdf:type>", "in answer to").save("<dip:actor>", "by")
  .all()
