// Why was military contact cut? What the article narrates as the cause ...
g.V(verb.suspendedContactWith).in("<rdf:type>")
  .has("<dip:standing>", "<dip:asserted>", "<dip:disputed>")
  .save("<dip:actor>", "who").saveOpt("<dip:when>", "when")
  .out("<dip:because>").save("<rdf:type>", "narrated cause").save("<dip:actor>", "by").save("<dip:recipient>", "of")
  .all()
// ... what others claim, in whose words ...
g.V(verb.blamed).in("<rdf:type>").save("<dip:actor>", "who").save("<dip:recipient>", "blames")
  .out("<dip:evidence>").save("<dip:stance>", "stance").save("<dip:quote>", "quote").save("<dip:said-by>", "said by")
  .all()
// ... and what the curator concludes about whose sanction is meant.
g.V("<dip:inferred>").in("<dip:method>").save("<dip:stance>", "stance").save("<dip:note>", "note").save("<dip:confidence>", "confidence")
  .in("<dip:evidence>").out("<dip:actor>").save("<dip:actor>", "who")
  .all()
