package dev.gatehouse.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import dev.gatehouse.spi.Query;
import dev.gatehouse.spi.Storage;
import dev.gatehouse.store.JdbcStorage;
import dev.gatehouse.store.JdbcStorage.SchemaMode;
import dev.gatehouse.store.MemoryStorage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** The contract must fail each of these wrong storages, and pass the same storage without the defect. */
class PlantedDefectsTest {
    private static final ThreadLocal<Supplier<Storage>> SUBJECT = new ThreadLocal<>();

    /** The contract, held against whatever {@link #SUBJECT} opens. Found by name only, never by a test run. */
    static class Subject extends StorageContract {
        @Override
        protected Storage open() {
            return SUBJECT.get().get();
        }
    }

    private static Storage memory() {
        return new MemoryStorage();
    }

    /** Transactions really overlap here. */
    private static Storage h2() {
        Storage storage = JdbcStorage.of(
                JdbcStorage.h2Memory("defect-" + UUID.randomUUID()), null, null, SchemaMode.CREATE, "gh_");
        storage.prepare(List.of());
        return storage;
    }

    /** A defect and the test that must notice it. */
    record Defect(String name, String test, Supplier<Storage> open) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Defect inMemory(String name, String test, UnaryOperator<Storage.Tx> defect) {
        return new Defect(name, test, () -> new DelegatingStorage(memory(), defect));
    }

    private static Defect overlapping(String name, String test, UnaryOperator<Storage.Tx> defect) {
        return new Defect(name, test, () -> new DelegatingStorage(h2(), defect));
    }

    static Stream<Defect> defects() {
        return Stream.of(
                inMemory(
                        "getByKey forgets the environment",
                        "aRowIsNotReadThroughAnotherEnvironment",
                        Defects.ForgetsEnvironmentInGetByKey::new),
                inMemory(
                        "delete forgets the environment",
                        "aRowIsNotTakenOrDeletedThroughAnotherEnvironment",
                        Defects.ForgetsEnvironmentInDelete::new),
                inMemory(
                        "add forgets the environment",
                        "countersOfTwoEnvironmentsAreApart",
                        Defects.ForgetsEnvironmentInAdd::new),
                inMemory("take gives the expired", "anExpiredRowCannotBeTakenAndStays", Defects.TakesExpired::new),
                inMemory("get hides the expired", "anExpiredRowIsReadableUntilItIsSwept", Defects.HidesExpired::new),
                inMemory(
                        "replace does not compare",
                        "aReplacementOfAnotherVersionIsStale",
                        Defects.ReplacesWithoutCompare::new),
                inMemory(
                        "replace leaves old lookups",
                        "aReplacementMovesLookupsAndText",
                        Defects.ReplaceLeavesLookups::new),
                inMemory(
                        "counter without guard", "aCounterAddsUpToItsGuardAndNoFurther", Defects.UnguardedCounter::new),
                inMemory("refusal counts", "aRefusedAdditionChangesNeitherValueNorEnd", Defects.RefusalCounts::new),
                inMemory(
                        "counter never starts again",
                        "anEndedCounterStartsAgainWithTheNewEnd",
                        Defects.WindowNeverRestarts::new),
                inMemory(
                        "keys ignore case",
                        "uniqueValuesThatDifferByCaseAccentOrSpaceAreDifferent",
                        Defects.IgnoresCase::new),
                inMemory(
                        "long keys are cut", "longValuesWithTheSameBeginningAreDifferent", Defects.CutsLongValues::new),
                inMemory("local time is stored", "theZoneOfTheMachineDoesNotMatter", Defects.StoresLocalTime::new),
                inMemory("seconds are stored", "aRowComesBackAsItWasWritten", Defects.KeepsSeconds::new),
                inMemory("a page includes its bound", "boundsAreExclusiveBothWays", Defects.PageIncludesItsBound::new),
                inMemory(
                        "before is ignored",
                        "boundsAreExclusiveBothWays",
                        tx -> new Defects.AsksOtherwise(tx, q -> copy(q, q.text(), q.where(), null, q.limit()))),
                inMemory(
                        "a page has one row too many",
                        "rowsComeInIdentifierOrderBothWaysUpToTheLimit",
                        tx -> new Defects.AsksOtherwise(
                                tx, q -> copy(q, q.text(), q.where(), q.before(), q.limit() + 1))),
                inMemory(
                        "an empty set matches everything",
                        "anEmptySetOfValuesMatchesNothing",
                        tx -> new Defects.AsksOtherwise(
                                tx,
                                q -> q.where().containsValue(java.util.Set.<String>of())
                                        ? copy(q, q.text(), Map.of(), q.before(), q.limit())
                                        : q)),
                inMemory(
                        "a wildcard is not literal",
                        "textIsFoundAnywhereAndTakenLiterally",
                        tx -> new Defects.AsksOtherwise(
                                tx,
                                q -> q.text() != null && q.text().equals("%")
                                        ? copy(q, "", q.where(), q.before(), q.limit())
                                        : q)),
                inMemory("sweep takes the unexpired", "aSweepLeavesWhatHasNotExpired", Defects.SweepsTooEarly::new),
                inMemory("sweep knows no bound", "aSweepDeletesNoMoreThanItIsAskedTo", Defects.SweepsEverything::new),
                inMemory("a lease for two", "aLeaseHasOneOwnerUntilItEnds", Defects.LeaseForTwo::new),
                inMemory("getAll gives some", "getAllGivesWhatExists", Defects.GetsSome::new),
                inMemory("insertAll adds some", "manyRowsAddedAtOnceAreAsIfAddedOneByOne", Defects.InsertsSome::new),
                inMemory(
                        "insertAll passes over what is taken",
                        "ofManyRowsATakenKeyOfOneIsADuplicateAndNoneIsThere",
                        Defects.PassesOverTaken::new),
                inMemory(
                        "getAllByKey forgets the environment",
                        "ownersOfManyValuesAreFoundAtOnce",
                        Defects.ForgetsEnvironmentInGetAllByKey::new),
                inMemory("appendAll adds some", "entriesOfOneTransactionStandTogether", Defects.AppendsSome::new),
                new Defect(
                        "who appends beside a duplicate hears of it",
                        "whoAppendsAtOnceHearsOfHisOwnEntryAlone",
                        () -> new DefectiveStorages.TellsEverybody(memory())),
                new Defect(
                        "rollback keeps rows",
                        "aRolledBackJournalEntryIsGone",
                        () -> new DefectiveStorages.KeepsOnRollback(memory())),
                new Defect(
                        "a dead transaction commits",
                        "aSwallowedDuplicateCannotCommit",
                        () -> new DefectiveStorages.RevivesTheDead(memory())),
                new Defect(
                        "a nested call is let in",
                        "aNestedCallIsRefusedAndTheStorageLivesOn",
                        () -> new DefectiveStorages.LetsNestedCallsIn(memory())),
                overlapping("two may take", "ofManyWhoTakeARowOneGetsIt", Defects.LetsTwoTake::new),
                overlapping("hold does not lock", "aParentIsNotDeletedUnderItsChildren", Defects.HoldDoesNotLock::new),
                overlapping("hold lets two in", "aHeldRowIsHeldByOneAtATime", Defects.HoldDoesNotLock::new),
                overlapping(
                        "the later write wins",
                        "noIncrementByCompareAndSwapIsLost",
                        Defects.ReplacesWithoutCompare::new),
                overlapping(
                        "a counter is read and written",
                        "aRacedCounterGivesEachValueUpToItsGuardOnce",
                        Defects.CountsByReadAndWrite::new),
                new Defect(
                        "uncommitted rows are seen",
                        "whatIsNotCommittedIsSeenByNobodyElse",
                        () -> new DefectiveStorages.SeesTheDirty(h2())),
                new Defect(
                        "a number is given before the commit",
                        "aReaderThatRemembersTheLastEventMissesNoneAndSeesNoneTwice",
                        () -> new DefectiveStorages.NumbersBeforeCommit(h2())));
    }

    private static Query copy(
            Query q, String text, Map<String, java.util.Set<String>> where, String before, int limit) {
        return new Query(q.env(), q.kind(), where, text, q.after(), before, q.descending(), limit);
    }

    @ParameterizedTest
    @MethodSource("defects")
    void theContractFailsAStorageWithADefect(Defect defect) {
        assertThat(failures(defect.open, selectMethod(Subject.class, defect.test)))
                .contains(defect.test);
    }

    @Test
    void theContractPassesTheSameStoragesWithoutADefect() {
        assertThat(failures(() -> new DelegatingStorage(memory(), DelegatingTx::new), selectClass(Subject.class)))
                .isEmpty();
        DiscoverySelector[] raced = defects()
                .map(Defect::test)
                .distinct()
                .map(test -> selectMethod(Subject.class, test))
                .toArray(DiscoverySelector[]::new);
        assertThat(failures(() -> new DelegatingStorage(h2(), DelegatingTx::new), raced))
                .isEmpty();
    }

    @Test
    void everyDefectNamesATestThatExists() {
        List<String> tests = Stream.of(Subject.class.getMethods())
                .filter(method -> method.isAnnotationPresent(Test.class))
                .map(java.lang.reflect.Method::getName)
                .toList();
        assertThat(tests).containsAll(defects().map(Defect::test).toList());
    }

    /** Names of the tests that failed; fails itself if none ran. */
    private static List<String> failures(Supplier<Storage> open, DiscoverySelector... selectors) {
        List<String> failed = new ArrayList<>();
        List<String> ran = new ArrayList<>();
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectors)
                .configurationParameter("junit.jupiter.execution.parallel.enabled", "false")
                .build();
        SUBJECT.set(open);
        try {
            LauncherFactory.create().execute(request, new TestExecutionListener() {
                @Override
                public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                    if (test.isTest()) {
                        String name = test.getDisplayName().replace("()", "");
                        ran.add(name);
                        if (result.getStatus() != TestExecutionResult.Status.SUCCESSFUL) {
                            failed.add(name);
                        }
                    }
                }
            });
        } finally {
            SUBJECT.remove();
        }
        assertThat(ran).isNotEmpty();
        return failed;
    }
}
