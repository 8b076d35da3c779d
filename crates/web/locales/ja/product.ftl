product-name = Tsugite
