List<File> jars = evaluate(new File(root, 'examples/walks/src/it/production.groovy'))

// docs/dependencies.md says what a function that only writes weighs
double megabytes = jars.sum { it.length() } / 1e6
String page = new File(root, 'docs/dependencies.md').getText('UTF-8')
double said = (page =~ /\*\*(\d+\.\d+) MB\*\*/)[0][1] as double
assert Math.abs(megabytes - said) < 0.3 : "the class path has $megabytes MB, docs/dependencies.md says $said"

// and how it is made
String xml = (page =~ /(?s)```xml\r?\n(.*?)```/)[0][1]
def bare = { it.replaceAll(/(?s)<!--.*?-->|\s/, '') }
assert bare(new File(basedir, 'pom.xml').text).contains(bare(xml))
