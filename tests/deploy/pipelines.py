"""Strict models of the fields that our two pipelines use: an unknown key, value or reference is refused."""

# ruff: noqa: N815  (the names are Google's and Microsoft's)

import re
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$")]
BUILT_IN = {"PROJECT_ID", "PROJECT_NUMBER", "BUILD_ID", "LOCATION"}
"""Substitutions that Cloud Build has by itself, however a build was started."""
PREDEFINED = {"Pipeline.Workspace", "Build.SourceBranch"}


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Step(Strict):
    id: Id
    name: str
    entrypoint: Literal["make"] | None = None
    args: list[str] = Field(min_length=1)
    env: list[Annotated[str, Field(pattern=r"^[A-Z_]+=")]] = []
    waitFor: list[str] = Field(min_length=1)
    allowFailure: bool = False


class Options(Strict):
    machineType: Literal["UNSPECIFIED", "N1_HIGHCPU_8", "N1_HIGHCPU_32", "E2_HIGHCPU_8", "E2_HIGHCPU_32", "E2_MEDIUM"]
    logging: Literal["LEGACY", "GCS_ONLY", "STACKDRIVER_ONLY", "CLOUD_LOGGING_ONLY", "NONE"]
    dynamicSubstitutions: bool


class CloudBuild(Strict):
    steps: list[Step] = Field(min_length=1)
    substitutions: dict[Annotated[str, Field(pattern=r"^_[A-Z0-9_]+$")], str]
    serviceAccount: str
    timeout: Annotated[str, Field(pattern=r"^[0-9]+s$")]
    options: Options

    @model_validator(mode="after")
    def references_lead_somewhere(self) -> Self:
        before: set[str] = {"-"}
        for step in self.steps:
            if not set(step.waitFor) <= before or step.id in before:
                raise ValueError(f"{step.id} waits for what no step before it is, or is there twice")
            before.add(step.id)
        used = set(re.findall(r"\$\{?(\w+)", self.model_dump_json()))
        declared = set(self.substitutions)
        if used - BUILT_IN - declared or declared - used:
            raise ValueError(f"undeclared: {used - BUILT_IN - declared}; unused: {declared - used}")
        return self

    def commands(self) -> list[list[str]]:
        return [step.args for step in self.steps if step.entrypoint == "make"]


class Checkout(Strict):
    checkout: Literal["self"]
    fetchDepth: int | None = None


class Script(Strict):
    script: str
    displayName: str
    env: dict[str, str] = {}


class Publish(Strict):
    publish: str
    artifact: Id


class Download(Strict):
    download: Literal["current"]
    artifact: Id


class Version(Strict):
    versionSpec: str


class UsesTool(Strict):
    task: Literal["UsePythonVersion@0", "NodeTool@0"]
    inputs: Version


class FunctionApp(Strict):
    """https://learn.microsoft.com/azure/devops/pipelines/tasks/reference/azure-function-app-v2."""

    azureSubscription: str
    appType: Literal["functionAppLinux"]
    isFlexConsumption: Literal[True]
    appName: str
    resourceGroupName: str
    package: Annotated[str, Field(pattern=r"\.zip$")]


class Deploys(Strict):
    task: Literal["AzureFunctionApp@2"]
    displayName: str
    inputs: FunctionApp


class InlineScript(Strict):
    azureSubscription: str
    scriptType: Literal["bash"]
    scriptLocation: Literal["inlineScript"]
    inlineScript: str


class AsksAzure(Strict):
    task: Literal["AzureCLI@2"]
    displayName: str
    inputs: InlineScript


AzureStep = Checkout | Script | Publish | Download | UsesTool | Deploys | AsksAzure


class Hosted(Strict):
    vmImage: Literal["ubuntu-24.04", "ubuntu-22.04"]


class Own(Strict):
    name: str


class Job(Strict):
    job: Id
    timeoutInMinutes: int
    pool: Hosted | Own
    steps: list[AzureStep] = Field(min_length=1)


class Steps(Strict):
    steps: list[AzureStep] = Field(min_length=1)


class Deploy(Strict):
    deploy: Steps


class RunOnce(Strict):
    runOnce: Deploy


class Deployment(Strict):
    deployment: Id
    timeoutInMinutes: int
    environment: str
    pool: Own
    strategy: RunOnce


class Stage(Strict):
    stage: Id
    displayName: str
    dependsOn: list[Id] = []
    condition: str | None = None
    jobs: list[Job | Deployment] = Field(min_length=1)

    def steps(self) -> list[Any]:
        return [
            step
            for job in self.jobs
            for step in (job.steps if isinstance(job, Job) else job.strategy.runOnce.deploy.steps)
        ]


class Included(Strict):
    include: list[str]


class Branches(Strict):
    branches: Included


class AzurePipeline(Strict):
    trigger: Branches
    variables: dict[Id, str]
    stages: list[Stage] = Field(min_length=1)

    @model_validator(mode="after")
    def references_lead_somewhere(self) -> Self:
        before: set[str] = set()
        kept: set[str] = set()
        for stage in self.stages:
            if not set(stage.dependsOn) <= before or stage.stage in before:
                raise ValueError(f"{stage.stage} depends on what no stage before it is, or is there twice")
            before.add(stage.stage)
            for step in stage.steps():
                kept |= {step.artifact} if isinstance(step, Publish) else set()
                if isinstance(step, Download) and step.artifact not in kept:
                    raise ValueError(f"nobody has published {step.artifact}")
        used = set(re.findall(r"\$\(([\w.]+)\)", self.model_dump_json()))
        declared = set(self.variables)
        if used - PREDEFINED - declared or declared - used:
            raise ValueError(f"undeclared: {used - PREDEFINED - declared}; unused: {declared - used}")
        return self

    def commands(self) -> list[str]:
        steps = [step for stage in self.stages for step in stage.steps()]
        scripts = [step.script for step in steps if isinstance(step, Script)]
        return scripts + [step.inputs.inlineScript for step in steps if isinstance(step, AsksAzure)]
