cat > /dev/null
echo "a: [b"
