"""An estate with a history: some hundred real orders, copied under new ids until there are as many as asked for."""
