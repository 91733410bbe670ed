"""Who stands above whom where no list says so: from the days of orders, from addresses, from letters alone."""
