// What did Xie Feng do in June and July 2023, and who says so?
entity("Xie Feng").in(["<dip:party>", "<dip:actor>", "<dip:recipient>"])
  .follow(between("2023-06", "2023-07"))
  .save("<rdf:type>", "verb").save("<dip:status>", "status").save("<dip:standing>", "standing").saveOpt("<dip:when>", "when")
  .out("<dip:evidence>").save("<dip:stance>", "stance").saveOpt("<dip:quote>", "quote").saveOpt("<dip:note>", "note").saveOpt("<dip:said-by>", "said by").save("<dip:source>", "source")
  .all()
