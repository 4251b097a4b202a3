assert evaluate(new File(root, 'examples/walks/src/it/production.groovy'))

// docs/testing.md says how the plugin is told
String xml = (new File(root, 'docs/testing.md').getText('UTF-8') =~ /(?s)```xml\r?\n(.*?)```/)[0][1]
def bare = { it.replaceAll(/(?s)<!--.*?-->|<version>[^<]*<\/version>|\s/, '') }
assert bare(new File(basedir, 'pom.xml').text).contains(bare(xml))
