package org.fazaa.web.bench;

import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlClient;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;

/** Where and by which command something was measured: without it a figure says nothing. */
record Machine(String command, Map<String, String> database, double load) {
  private static final List<String> SHOWN =
      List.of("server_version", "fsync", "synchronous_commit", "full_page_writes");

  static Machine of(CommandSpec spec, SqlClient database) {
    var shown = new LinkedHashMap<String, String>();
    for (var name : SHOWN) {
      shown.put(
          name, database.query("SHOW " + name).execute().await().iterator().next().getString(0));
    }
    return new Machine(typed(spec), shown, Cpu.load());
  }

  private static String typed(CommandSpec spec) {
    var program = spec.root();
    var arguments = program.commandLine().getParseResult().originalArgs();
    return "./fazaa "
        + (program.name().equals("fazaa") ? "" : program.name() + " ")
        + String.join(" ", arguments);
  }

  JsonObject json() {
    return new JsonObject()
        .put("cores", Runtime.getRuntime().availableProcessors())
        .put("jdk", Runtime.version().toString())
        .put("system", system())
        .put("postgresql", JsonObject.mapFrom(database))
        .put("load_at_start", load)
        .put("load_at_end", Cpu.load());
  }

  String text() {
    return String.format(
        Locale.ROOT,
        """
        %s
        %d cores, JDK %s, %s, PostgreSQL %s (fsync %s, synchronous_commit %s, full_page_writes %s)
        load average %.2f at the start, %.2f at the end
        """,
        command,
        Runtime.getRuntime().availableProcessors(),
        Runtime.version(),
        system(),
        database.get("server_version"),
        database.get("fsync"),
        database.get("synchronous_commit"),
        database.get("full_page_writes"),
        load,
        Cpu.load());
  }

  private static String system() {
    return System.getProperty("os.name")
        + " "
        + System.getProperty("os.version")
        + " "
        + System.getProperty("os.arch");
  }
}
