package org.fazaa.web.bench;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code ./fazaa bench}: how fast this program is, beside what a user would pick instead. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    subcommands = {
      SmsBench.class,
      RepliesBench.class,
      BusBench.class,
      CodesBench.class,
      MeaningBench.class,
      RosterBench.class,
      TickBench.class,
      FundBench.class,
      SinkCommand.class,
      CallersCommand.class,
      MemberCommand.class,
    },
    description = {
      "Measures this program on this machine, beside an alternative in the same run. Each bench has"
          + " a PostgreSQL of its own with every durability on, removed afterwards, and talks to"
          + " nobody but this machine.",
      "يقيس سرعة البرنامج على هذا الجهاز بجانب بديل في التشغيل نفسه، بقاعدة بيانات خاصة تُحذف بعده،"
          + " ولا يتصل بأحد خارج الجهاز."
    },
    footer = {
      "",
      "Only ratios travel from one machine to another. Exit codes: 0 done and nothing lost or"
          + " doubled, 1 it broke or something was, 2 the options cannot be used."
    })
public final class BenchCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(),
        "Which bench? sms, replies, bus, codes, meaning, roster or tick · أي قياس؟ اكتب اسم أحدها");
  }
}
