assert evaluate(new File(root, 'examples/walks/src/it/production.groovy'))
