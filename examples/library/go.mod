module example.org/stranger

go 1.26.0

require github.com/entente-kg/entente v0.0.0

require (
	github.com/cayleygraph/quad v1.2.4 // indirect
	github.com/klauspost/compress v1.20.4 // indirect
	go.etcd.io/bbolt v1.5.0 // indirect
	golang.org/x/sys v0.49.0 // indirect
	golang.org/x/text v0.43.0 // indirect
	gopkg.in/yaml.v3 v3.0.1 // indirect
)

replace github.com/entente-kg/entente => ../..
