sed 's/port: 80/port: 81/'
