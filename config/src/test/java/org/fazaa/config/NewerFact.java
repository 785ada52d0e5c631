package org.fazaa.config;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javax.tools.ToolProvider;

/**
 * The next version of {@link Fact}, compiled as the test runs: one fact that this version does not
 * know, and one with a field that it does not know.
 */
public final class NewerFact {
  private static final String UNKNOWN = "record WeatherChanged(long area) implements Fact {}";
  private static final String KNOWN =
      "record NeedChanged(long crisis, long need) implements Fact {}";
  private static final String LONGER =
      """
      record NeedChanged(long crisis, long need, String why) implements Fact {
          public NeedChanged(long crisis, long need) { this(crisis, need, "rain"); }
        }
      """;

  private NewerFact() {}

  /**
   * The test's class path with the newer Fact in front.
   *
   * @param folder where it is compiled to
   */
  public static String classPath(Path folder) {
    try {
      var source = folder.resolve("Fact.java");
      var now = Files.readString(source());
      var newer = now.replace(KNOWN, LONGER + "\n" + UNKNOWN);
      if (newer.equals(now)) throw new IllegalStateException("Fact is not written as it was");
      Files.writeString(source, newer);
      var options = List.of("--release", "25", "-parameters", "-d", folder.toString());
      var compiler = ToolProvider.getSystemJavaCompiler();
      var files = compiler.getStandardFileManager(null, null, null);
      var units = files.getJavaFileObjects(source);
      if (!compiler.getTask(null, files, null, options, null, units).call()) {
        throw new IllegalStateException("the newer Fact does not compile");
      }
      return folder + System.getProperty("path.separator") + ChildJvm.classPath();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // Tests run in a module's folder, an editor's often in the root.
  private static Path source() {
    var here = Path.of("").toAbsolutePath();
    var root = Files.exists(here.resolve("config/pom.xml")) ? here : here.getParent();
    return root.resolve("config/src/main/java/org/fazaa/config/Fact.java");
  }

  /** A fact that only the newer version has; null when this is not it. */
  public static Fact unknown() {
    try {
      return (Fact)
          Class.forName(Fact.class.getName() + "$WeatherChanged")
              .getConstructor(long.class)
              .newInstance(3);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this is not the newer version", e);
    }
  }

  /** Says news that is known under a name that is not, then the same with a field too many. */
  public static final class Peer {
    public static void main(String[] arguments) {
      int theirs = Integer.parseInt(arguments[0]);
      int ours = Integer.parseInt(arguments[1]);
      var node = Node.start(TestNodes.member("newer", ours, List.of(theirs, ours)));
      await().atMost(Duration.ofSeconds(60)).until(() -> node.members() == 2);
      System.out.println("joined");
      var bus = node.vertx().eventBus();
      var address = Bus.address(Fact.NeedChanged.class);
      node.vertx()
          .setPeriodic(
              200,
              again -> {
                bus.publish(address, unknown());
                bus.publish(address, new Fact.NeedChanged(7, 8));
              });
    }
  }
}
