// What is there between Li Shangfu and Lloyd Austin?
var roles = ["<dip:party>", "<dip:actor>", "<dip:recipient>"]
entity("Li Shangfu").in(roles).and(entity("Lloyd Austin").in(roles))
  .save("<rdf:type>", "verb").save("<dip:status>", "status").save("<dip:standing>", "standing").saveOpt("<dip:when>", "when")
  .all()
// Both spoke at one forum.
entity("Li Shangfu").out(verb.spokeAt).tag("both spoke at").in(verb.spokeAt).is(entity("Lloyd Austin").toValue()).all()
