sed 's/name: in/name: changed/; s/name: out/name: no/'
