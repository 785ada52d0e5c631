package org.fazaa;

import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.CaseTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.DefaultCaseLabelTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.PrimitiveTypeTree;
import com.sun.source.tree.SwitchExpressionTree;
import com.sun.source.tree.SwitchTree;
import com.sun.source.tree.SynchronizedTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeKind;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.fazaa.Sources.Source;

/**
 * The house rules that a machine can check. Java is read with the compiler and its types, so that
 * {@code await(…)} is Vert.x's and nobody else's; everything else is read line by line.
 */
final class Tidy {

  /** What stands where it must not, why, and what to write instead. */
  record Breach(Source source, long line, String why) {
    @Override
    public String toString() {
      return source.path() + ":" + line + " " + why;
    }
  }

  private static final int COLUMNS_MAX = 100;
  private static final int FUNCTION_LINES_MAX = 60;

  /** The clock is read where a node starts and where a loop turns; everyone else is told. */
  private static final Set<String> READS_THE_CLOCK =
      Set.of("Fazaa.java", "Loop.java", "NodeClock.java", "Database.java");

  /** A command answers the person who typed it; a fail point the test that set it. */
  private static final Set<String> TALKS_TO_THE_TERMINAL = Set.of("Fazaa.java", "FailPoint.java");

  private static final Pattern SUFFIX =
      Pattern.compile(".+(Service|Repository|Dao|Dto|Mapper|Manager|Helper|Utils?|Impl|Factory)$");

  private static final Map<String, String> CALLS =
      Map.of(
          "io.vertx.core.Vertx#setPeriodic",
          "a periodic body that awaits overlaps itself: make it a Loop.Work",
          "java.lang.Thread#sleep",
          "a sleeping verticle answers nobody: let a Loop wait, or use vertx.timer(…).await()",
          "java.lang.System#currentTimeMillis",
          "time is an Instant argument: take now from the caller",
          "java.time.Instant#now",
          "time is an Instant argument: take now from the caller",
          "java.time.LocalDate#now",
          "time is an Instant argument: derive the date from now and a zone",
          "java.time.LocalDateTime#now",
          "time is an Instant argument: derive it from now and a zone",
          "java.time.OffsetDateTime#now",
          "time is an Instant argument: take now from the caller",
          "java.time.ZonedDateTime#now",
          "time is an Instant argument: take now from the caller");

  static List<Breach> inJava(List<Source> sources) {
    var breaches = new ArrayList<Breach>();
    sources.forEach(source -> breaches.addAll(inLines(source)));
    var compiler = ToolProvider.getSystemJavaCompiler();
    var units = sources.stream().map(Unit::new).toList();
    var options =
        List.of("-proc:none", "-classpath", System.getProperty("java.class.path"), "-nowarn");
    // Diagnostics go nowhere: the build has compiled these sources before this test runs.
    var task = (JavacTask) compiler.getTask(null, null, diagnostic -> {}, options, null, units);
    try {
      var trees = Trees.instance(task);
      var parsed = new ArrayList<CompilationUnitTree>();
      task.parse().forEach(parsed::add);
      task.analyze();
      for (int i = 0; i < parsed.size(); i++) {
        new Scan(sources.get(i), parsed.get(i), trees, breaches).scan(parsed.get(i), null);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return breaches.stream().distinct().toList(); // a record's field is also its parameter
  }

  /** Rules for any text of ours, whatever the language. */
  static List<Breach> inLines(Source source) {
    var rules = new ArrayList<LineRule>(EVERYWHERE);
    var name = source.path().toString();
    if (name.endsWith(".sql")) rules.addAll(sqlOf(source.module()));
    if (name.endsWith(".jte")) rules.addAll(PAGES);
    if (name.endsWith(".css")) rules.addAll(STYLES);
    if (name.endsWith(".java") || name.endsWith(".sql")) rules.addAll(WIDTH);
    var breaches = new ArrayList<Breach>();
    var lines = source.lines();
    for (int i = 0; i < lines.size(); i++) {
      for (var rule : rules) {
        if (rule.banned().matcher(lines.get(i)).find()) {
          breaches.add(new Breach(source, i + 1, rule.why()));
        }
      }
    }
    return breaches;
  }

  private record LineRule(Pattern banned, String why) {
    static LineRule of(String banned, String why) {
      return new LineRule(Pattern.compile(banned), why);
    }

    static LineRule inSql(String banned, String why) {
      return of("(?m)^(?:(?!--).)*?" + banned, why); // before the comment, if there is one
    }
  }

  private static final List<LineRule> EVERYWHERE =
      List.of(
          LineRule.of(
              "\\b(T[O]DO|F[I]XME|H[A]CK)\\b",
              "an unfinished mark: finish it, or leave it out and say so in the changelog"));

  private static final List<LineRule> WIDTH =
      List.of(
          LineRule.of(
              "^(?!import ).{" + (COLUMNS_MAX + 1) + ",}",
              "longer than " + COLUMNS_MAX + " columns: break it"));

  private static final LineRule SQL_READS_THE_CLOCK =
      LineRule.inSql(
          "\\b(?i:now\\s*\\(\\)|current_timestamp|current_date|localtimestamp)",
          "domain time is an argument: pass now; leases use clock_timestamp()");

  private static final LineRule SQL_IN_LOWER_CASE =
      LineRule.of(
          "(?m)^\\s*(create|alter|insert|update|select|grant|revoke|drop|delete|with) ",
          "SQL keywords are upper case");

  private static final LineRule FLOATING_MONEY =
      LineRule.inSql(
          "\\b(?i:double precision|real|float[48]?)\\b",
          "money is never a floating-point number: use bigint minor units");

  private static final Map<String, String> SCHEMAS =
      Map.of("notifier", "notify", "dispatcher", "dispatch", "fund-ledger", "fund", "web", "web");

  private static List<LineRule> sqlOf(String module) {
    var others = new TreeSet<>(SCHEMAS.values());
    others.remove(SCHEMAS.getOrDefault(module, ""));
    var rules = new ArrayList<>(List.of(SQL_READS_THE_CLOCK, SQL_IN_LOWER_CASE));
    rules.add(
        LineRule.inSql(
            "\\b(" + String.join("|", others) + ")\\.[a-z_]",
            "a schema belongs to one module: call that module's functions, and store its ids"));
    if (module.equals("fund-ledger")) rules.add(FLOATING_MONEY);
    return rules;
  }

  private static final List<LineRule> PAGES =
      List.of(
          LineRule.of(
              "\\son[a-z]+\\s*=\\s*[\"']",
              "the content security policy refuses inline handlers: listen in a script file"),
          LineRule.of(
              "\\sstyle\\s*=\\s*[\"']",
              "the content security policy refuses inline styles: name a class"),
          LineRule.of(
              "<(script|link|img)[^>]*(src|href)=[\"']https?:",
              "pages load nothing from elsewhere: vendor the file"));

  private static final List<LineRule> STYLES =
      List.of(
          LineRule.of(
              "(?<![-a-z])((margin|padding|border)-(left|right)|text-align:\\s*(left|right))",
              "pages run in both directions: write -inline-start or -inline-end"));

  private static final Pattern PLACEHOLDER = Pattern.compile("\"[^\"]*%[0-9$,.]*[sd]");

  /** SQL that stands in Java, told from prose by its shape. */
  static boolean isSql(String literal) {
    return SQL_SHAPE.matcher(literal).find();
  }

  private static final Pattern SQL_SHAPE =
      Pattern.compile(
          "(?is)^\\s*(select\\s.+|insert\\s+into\\s.+|update\\s+[\\w.]+(\\s+\\w+)?\\s+set\\s.+"
              + "|delete\\s+from\\s.+|with\\s.+\\sas\\s.+\\(.+|truncate\\s.+|call\\s.+\\(.*)$");

  private static final class Scan extends TreePathScanner<Void, Void> {
    private final Source source;
    private final CompilationUnitTree unit;
    private final Trees trees;
    private final List<Breach> breaches;

    Scan(Source source, CompilationUnitTree unit, Trees trees, List<Breach> breaches) {
      this.source = source;
      this.unit = unit;
      this.trees = trees;
      this.breaches = breaches;
    }

    @Override
    public Void visitMethodInvocation(MethodInvocationTree call, Void none) {
      if (trees.getElement(getCurrentPath()) instanceof ExecutableElement called) {
        var name = owner(called) + "#" + called.getSimpleName();
        var arguments = call.getArguments().size();
        var readsClock = name.endsWith("#now") || name.endsWith("#currentTimeMillis");
        if (CALLS.containsKey(name)
            && !(readsClock && (arguments > 0 || READS_THE_CLOCK.contains(file())))) {
          breach(call, CALLS.get(name));
        }
        if (name.equals("io.vertx.core.Future#await") && arguments > 0) {
          breach(
              call,
              "after await(timeout) runs out, the verticle can stop for good:"
                  + " write future.timeout(5, SECONDS).await()");
        }
        if (name.endsWith("#executeBlocking") && arguments == 1) {
          breach(call, "without false it runs one call at a time: executeBlocking(work, false)");
        }
      }
      return super.visitMethodInvocation(call, none);
    }

    @Override
    public Void visitMemberSelect(MemberSelectTree select, Void none) {
      var written = select.toString();
      if ((written.equals("System.out") || written.equals("System.err"))
          && !TALKS_TO_THE_TERMINAL.contains(file())) {
        breach(select, "nobody reads the terminal of a server: log it, or hand it to the command");
      }
      return super.visitMemberSelect(select, none);
    }

    @Override
    public Void visitSynchronized(SynchronizedTree block, Void none) {
      breach(block, LOCKS);
      return super.visitSynchronized(block, none);
    }

    @Override
    public Void visitModifiers(ModifiersTree modifiers, Void none) {
      if (modifiers.getFlags().contains(Modifier.SYNCHRONIZED)) breach(modifiers, LOCKS);
      return super.visitModifiers(modifiers, none);
    }

    @Override
    public Void visitPrimitiveType(PrimitiveTypeTree type, Void none) {
      var kind = type.getPrimitiveTypeKind();
      if ((kind == TypeKind.DOUBLE || kind == TypeKind.FLOAT)
          && source.module().equals("fund-ledger")) {
        breach(type, "money is never a floating-point number: use long minor units");
      }
      return super.visitPrimitiveType(type, none);
    }

    @Override
    public Void visitSwitch(SwitchTree chosen, Void none) {
      noDefaultOverSealed(chosen, chosen.getExpression(), chosen.getCases());
      return super.visitSwitch(chosen, none);
    }

    @Override
    public Void visitSwitchExpression(SwitchExpressionTree chosen, Void none) {
      noDefaultOverSealed(chosen, chosen.getExpression(), chosen.getCases());
      return super.visitSwitchExpression(chosen, none);
    }

    private void noDefaultOverSealed(
        Tree at, ExpressionTree selector, List<? extends CaseTree> cases) {
      var hasDefault =
          cases.stream()
              .flatMap(each -> each.getLabels().stream())
              .anyMatch(DefaultCaseLabelTree.class::isInstance);
      if (hasDefault
          && trees.getTypeMirror(new TreePath(getCurrentPath(), selector))
              instanceof DeclaredType type
          && type.asElement().getModifiers().contains(Modifier.SEALED)) {
        breach(at, "default hides the next outcome: name every case of the sealed type");
      }
    }

    @Override
    public Void visitClass(ClassTree type, Void none) {
      if (SUFFIX.matcher(type.getSimpleName()).matches()) {
        breach(
            type,
            type.getSimpleName()
                + " says what it is made of: name it after what it does or holds"
                + " (verb + noun for a use case, a noun of DICTIONARY.md for a record)");
      }
      return super.visitClass(type, none);
    }

    @Override
    public Void visitMethod(MethodTree method, Void none) {
      var lines = lineOfEnd(method) - line(method) + 1;
      if (lines > FUNCTION_LINES_MAX) {
        breach(
            method,
            method.getName()
                + " has "
                + lines
                + " lines: a function has at most "
                + FUNCTION_LINES_MAX
                + ", so take a step out of it");
      }
      return super.visitMethod(method, none);
    }

    @Override
    public Void visitBinary(BinaryTree sum, Void none) {
      if (sum.getRightOperand() instanceof MethodInvocationTree call
          && call.getMethodSelect() instanceof MemberSelectTree select
          && select.getIdentifier().contentEquals("formatted")
          && PLACEHOLDER.matcher(sum.getLeftOperand().toString()).find()) {
        breach(sum, "formatted() fills the last piece only: put the whole sum in parentheses");
      }
      return super.visitBinary(sum, none);
    }

    @Override
    public Void visitLiteral(LiteralTree literal, Void none) {
      if (literal.getValue() instanceof String text && isSql(text)) {
        // A bench makes tables' rows as nobody does in service, and reads them beside the program.
        var bench = source.path().toString().contains("/web/bench/");
        (bench ? List.of(SQL_READS_THE_CLOCK, SQL_IN_LOWER_CASE) : sqlOf(source.module()))
            .stream()
                .filter(rule -> rule.banned().matcher(text).find())
                .forEach(rule -> breach(literal, rule.why()));
      }
      return super.visitLiteral(literal, none);
    }

    private static String owner(ExecutableElement called) {
      return ((TypeElement) called.getEnclosingElement()).getQualifiedName().toString();
    }

    private String file() {
      return source.path().getFileName().toString();
    }

    private void breach(Tree at, String why) {
      breaches.add(new Breach(source, line(at), why));
    }

    private long line(Tree tree) {
      return unit.getLineMap()
          .getLineNumber(trees.getSourcePositions().getStartPosition(unit, tree));
    }

    private long lineOfEnd(Tree tree) {
      return unit.getLineMap()
          .getLineNumber(Math.max(0, trees.getSourcePositions().getEndPosition(unit, tree)));
    }
  }

  private static final String LOCKS =
      "a lock held across await deadlocks its verticle: lock the row, or use an atomic";

  private static final class Unit extends SimpleJavaFileObject {
    private final String text;

    Unit(Source source) {
      super(URI.create("source:///" + source.path()), JavaFileObject.Kind.SOURCE);
      text = source.text();
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  private Tidy() {}
}
