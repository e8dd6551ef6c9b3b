package dev.gatehouse.testkit.faults;

import dev.gatehouse.testkit.faults.Experiment.Figure;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** Runs the experiments and prints one table; ends with 1 if a limit was not kept. */
final class Faults {
    private static final List<Experiment> ALL = List.of(
            new Kills.OneNode(),
            new Kills.BothNodes(),
            new Databases.Restart(),
            new Databases.DownAtStart(),
            new Databases.ReadOnly(),
            new Databases.Slow(),
            new Coherence.OneConnection(),
            new Coherence.Revocation(),
            new Coherence.Skew(),
            new Refreshes.OneToken(),
            new Refreshes.ManyTokens(),
            new Refreshes.Reuse(),
            new SingleUse());

    private Faults() {}

    /** Every secret that works once: the test that is there, with the catalogue's rounds. */
    private record SingleUse() implements Experiment {
        @Override
        public String id() {
            return "F25";
        }

        @Override
        public String what() {
            return "fifty at once use a secret that works once, each kind, on two nodes";
        }

        @Override
        public List<Figure> run(Cluster cluster, boolean full) {
            System.setProperty("race.rounds", full ? "200" : "2");
            SummaryGeneratingListener listener = new SummaryGeneratingListener();
            LauncherFactory.create()
                    .execute(
                            LauncherDiscoveryRequestBuilder.request()
                                    .selectors(
                                            DiscoverySelectors.selectClass("dev.gatehouse.testkit.SingleUseRaceTest"))
                                    .build(),
                            listener);
            listener.getSummary().printFailuresTo(new PrintWriter(System.err, true));
            return List.of(Figure.all(
                    "kinds with one winner in every round",
                    listener.getSummary().getTestsSucceededCount(),
                    listener.getSummary().getTestsFoundCount()));
        }
    }

    /** @param arguments {@code --full} for the catalogue's load; ids of experiments, or none for all */
    public static void main(String[] arguments) throws Exception {
        List<String> some = new ArrayList<>(Arrays.asList(arguments));
        some.remove("--quick");
        boolean full = some.remove("--full");
        boolean kept = true;
        System.out.println("| id | what | figure | seen | limit | verdict |\n| --- | --- | --- | --- | --- | --- |");
        for (Experiment experiment : ALL) {
            if (some.isEmpty() || some.contains(experiment.id())) {
                kept &= print(experiment, figures(experiment, full));
            }
        }
        System.exit(kept ? 0 : 1);
    }

    private static List<Figure> figures(Experiment experiment, boolean full) {
        // each on a database of its own: what one leaves behind must not help or hurt the next
        try (Cluster cluster = new Cluster(experiment.window())) {
            return experiment.run(cluster, full);
        } catch (Exception e) {
            e.printStackTrace();
            return List.of(new Figure("ended by itself", e.toString(), "no", false));
        }
    }

    private static boolean print(Experiment experiment, List<Figure> figures) {
        for (Figure figure : figures) {
            System.out.printf(
                    "| %s | %s | %s | %s | %s | %s |%n",
                    experiment.id(),
                    experiment.what(),
                    figure.name(),
                    figure.value(),
                    figure.limit(),
                    figure.pass() ? "pass" : "FAIL");
        }
        return figures.stream().allMatch(Figure::pass);
    }
}
