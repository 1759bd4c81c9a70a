{{- define "modelgateway.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "modelgateway.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 52 | trimSuffix "-" }}
{{- else if contains (include "modelgateway.name" .) .Release.Name }}
{{- .Release.Name | trunc 52 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name (include "modelgateway.name" .) | trunc 52 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{- define "modelgateway.selector" -}}
app.kubernetes.io/name: {{ include "modelgateway.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "modelgateway.labels" -}}
{{ include "modelgateway.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{- define "modelgateway.serviceAccount" -}}
{{- if .Values.serviceAccount.create }}
{{- default (include "modelgateway.fullname" .) .Values.serviceAccount.name }}
{{- else }}
{{- default "default" .Values.serviceAccount.name }}
{{- end }}
{{- end }}

{{- define "modelgateway.discoveryNamespace" -}}
{{- default .Release.Namespace .Values.discovery.namespace }}
{{- end }}

{{- /* Pods are read by discovery. Gateways find each other by name. */}}
{{- define "modelgateway.needsToken" -}}
{{- if .Values.discovery.enabled }}true{{ end }}
{{- end }}

{{- /* The delay, the grace, what the gateway takes after it for its last words (10), and room. */}}
{{- define "modelgateway.terminationGracePeriodSeconds" -}}
{{- add (int .Values.shutdown.delaySeconds) (int .Values.shutdown.gracePeriodSeconds) 20 }}
{{- end }}
