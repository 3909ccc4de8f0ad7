// It is here so that main.go may declare a function without a body.
